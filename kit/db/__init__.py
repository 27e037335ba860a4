"""Engines, pools, sessions, column types and locks of both databases."""
