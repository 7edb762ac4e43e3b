"""What stops the runner, in one line for the person at the terminal."""


class RunnerError(Exception):
    """A reason to stop; its text is the one line that the command prints."""


class Stopped(Exception):
    """Ctrl-C or SIGTERM arrived while something was being waited for."""
