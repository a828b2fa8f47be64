"""Runs and comparisons as files that other programs open: Parquet, CSV, GeoJSON."""
