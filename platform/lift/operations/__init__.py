"""Running the thing: health."""
