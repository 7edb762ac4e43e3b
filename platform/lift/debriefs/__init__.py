"""The debrief: what an assessment says to the candidate."""
