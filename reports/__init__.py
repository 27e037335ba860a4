"""Answers as files: a question asked through the schema as its viewer, laid out in sheets."""
