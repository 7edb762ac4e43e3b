"""One blueprint an area; a view parses, calls one service and answers."""
