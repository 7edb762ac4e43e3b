"""What stops the runner, in one line for the person at the terminal."""


class RunnerError(Exception):
    """A reason to stop; its text is the one line that the command prints."""


class Stopped(Exception):  # noqa: N818 - not an error: someone asked the runner to end
    """Ctrl-C or SIGTERM arrived while something was being waited for."""
