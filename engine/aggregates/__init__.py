"""Totals and groups, from rows and from summary tables."""
