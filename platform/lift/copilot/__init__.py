"""The practice copilot: hints, explanations and advice from a question's own data, which a model may put into words."""
