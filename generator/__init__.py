"""Invented records: every code starts with `demo_`, and a size and seed give the same rows."""
