"""Personal data: entry, reveal, erasure, retention, disputes."""
