"""The web front: app factory, guards, pages, templates and assets."""
