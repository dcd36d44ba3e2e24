"""What stands in a cell -> an exact figure, or a code; one meaning, in Python, Arrow and SQL."""
