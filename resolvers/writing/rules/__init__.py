"""Rules that a proposal must satisfy before it is written."""
