"""Adapters behind small ports: each has an embedded form and a real one, chosen in wiring."""
