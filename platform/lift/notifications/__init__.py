"""Mails and in-app notices, each once."""
