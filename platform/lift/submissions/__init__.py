"""Candidates' reports of what they were asked: how they are checked, counted and decided on."""
