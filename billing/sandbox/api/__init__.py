"""The REST resources: each function takes the store, the path's ids and the checked parameters, and returns JSON."""
