"""Forms: what a page accepts, with a message for each fault."""
