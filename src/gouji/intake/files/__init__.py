"""CSV, Parquet, DuckDB and PostgreSQL -> rows of our tables."""
