"""Interview Lift: practise an engineering interview loop and be scored against a published rubric."""
