"""The question bank: format, linter, search and facets."""
