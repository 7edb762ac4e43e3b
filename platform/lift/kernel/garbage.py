"""How often Python looks for garbage in cycles."""

import gc

ALLOCATIONS = 20_000
"""Containers made and not yet dropped before it looks; Python's own 700 are less than one page makes."""


def look_less_often() -> None:
    """Leave out of every later look what is there now, which stays as long as the process; call it once, when built."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS, 20, 10)
