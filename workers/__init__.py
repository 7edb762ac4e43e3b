"""Celery workers: a task loads by id, makes one call into the product and returns."""
