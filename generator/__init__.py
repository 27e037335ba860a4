"""Invented example records: every code starts with `demo_`, and every run gives the same bytes."""
