"""The tables and cells of a submission, and what was set aside."""
