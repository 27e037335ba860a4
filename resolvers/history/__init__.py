"""Versions of a record."""
