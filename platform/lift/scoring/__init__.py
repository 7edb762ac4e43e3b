"""Scoring: a rubric and an answer in, an assessment with verified quotes out. Pure: no database, no web."""
