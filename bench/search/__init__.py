"""`lift bench search`: generated banks of up to a million questions, and how fast they are searched."""
