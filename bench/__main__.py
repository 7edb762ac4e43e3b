"""`lift bench`: starts the product in a home of its own, measures, prints ratios beside absolutes."""

import tempfile
from pathlib import Path

from bench.answers import answer_latency, scorer_rate
from bench.memory import stack_memory
from bench.pages import page_ratios
from bench.site import running_site


def main() -> None:
    """Print every figure with its bound."""
    with tempfile.TemporaryDirectory() as folder:
        scorer_rate()
        with running_site(Path(folder) / "home") as cold:
            print(f"up, empty home            {cold.seconds:6.1f} s")
        with running_site(Path(folder) / "home") as site:
            print(f"up, warm                  {site.seconds:6.1f} s    bound 10 s")
            stack_memory(site)
            person = site.sign_up()
            page_ratios(site, person)
            answer_latency(site, person)


main()
