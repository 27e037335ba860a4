"""Makes plans from selections."""
