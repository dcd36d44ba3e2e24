"""Tables as sent -> tables that follow from them, and back to the cells."""
