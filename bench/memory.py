"""What the whole stack weighs: proportional set size, so that shared pages count once."""

import re
from pathlib import Path

from bench.site import Site, family


def pss(pid: int) -> float:
    """Proportional set size in MB."""
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) / 1000 if found else 0.0


def stack_memory(site: Site) -> None:
    """Print the sum over the runner's family."""
    total = sum(pss(pid) for pid in family(site.pid))
    print(f"stack, models loaded      {total:6.0f} MB   {total / 1300:.2f} of the bound of 1,300 MB")
