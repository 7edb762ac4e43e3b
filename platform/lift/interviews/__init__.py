"""Practice: answers given, their assessments, and the way from one to the other."""
