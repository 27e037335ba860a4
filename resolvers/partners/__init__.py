"""Partners, their keys, and the viewer of a request."""
