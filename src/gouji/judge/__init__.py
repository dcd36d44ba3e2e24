"""The Python meaning of every method and kind of rule, which the SQL is held equal to."""
