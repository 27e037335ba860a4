"""Domain-free machinery: nothing here knows what a worker or a studio is."""
