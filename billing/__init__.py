"""Subscriptions and access: a library that knows an account only as a UUID."""
