"""Problems that people report with questions: told by whom, looked at, closed with a reason."""
