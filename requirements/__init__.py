"""The packages that the service stands on: which, and what is known of them."""
