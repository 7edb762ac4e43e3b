"""Running the thing: health, and what is forgotten when."""
