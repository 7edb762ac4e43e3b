"""Room for files: a request's body is small unless its page takes a file and the person may send one."""

from flask import Flask, request

from lift.questions.exchange import MOST_BYTES
from lift.web.guards import runs_the_place

FORM = 64 * 1024
"""Bytes of what a form says around its file."""
ROOM = {"desk_questions.upload": MOST_BYTES + FORM}
"""The most bytes of a request to an endpoint that takes a file."""


def install(app: Flask) -> None:
    """Raise the limit where a file is expected, for who runs the place and nobody else."""

    @app.before_request
    def _make_room() -> None:
        room = ROOM.get(request.endpoint or "")
        if room is not None and runs_the_place():
            request.max_content_length = room
