"""Reports: queries answered for a viewer, laid out as sheets, and stored as files."""
