"""`lift bench`: starts the product in a home of its own, measures, prints ratios beside absolutes."""

import tempfile
from pathlib import Path

from bench.answers import answer_latency, scorer_rate
from bench.cold import cold_start
from bench.memory import stack_memory
from bench.pages import page_ratios
from bench.site import running_site
from bench.webhooks import webhook_speed


def main() -> None:
    """Print every figure with its bound."""
    with tempfile.TemporaryDirectory() as folder:
        cold_start(Path(folder) / "clone")
        scorer_seconds = scorer_rate()
        with running_site(Path(folder) / "home") as first:
            print(f"up, empty home            {first.seconds:6.1f} s")
        with running_site(Path(folder) / "home") as site:
            print(f"up, warm                  {site.seconds:6.1f} s    {site.seconds / 10:.2f} of the bound of 10 s")
            person = site.sign_up()
            page_ratios(site, person)
            answer_latency(site, person, scorer_seconds)
            # After answers were read, so that every model is in memory.
            stack_memory(site)
        # A home of its own: a thousand subscribers would weigh on the figures of the others.
        with running_site(Path(folder) / "paying") as site:
            webhook_speed(site)


main()
