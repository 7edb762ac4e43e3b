"""`lift bench search`: generated banks, the database beside hand-written SQL, whole pages beside those of a small bank."""

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import argparse
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from bench.search import banks, web
from bench.search.banks import WITH_VECTORS, Bank
from bench.search.database import Cost, Desk
from bench.search.neighbours import similar_cost
from bench.search.searcher import furnish
from bench.search.shapes import Shape, shapes

SIZES = (3_700, 100_000, 1_000_000)
DEEP = 500
MOST_TIMES_HAND, MOST_TIMES_SMALL, MOST_TIMES_FIRST = 2.0, 5.0, 1.5
SCANS_FROM = 100_000
"""The size from which a reading of the whole table is a failure; below it is often the fastest way."""


def main() -> None:
    """Print the tables; exit 1 when a bound is broken."""
    parser = argparse.ArgumentParser(prog="lift bench search")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--home", type=Path, default=Path(".lift/bench/search"))
    parser.add_argument("--rebuild", action="store_true")
    parser.add_argument("--only", default="", help="shapes whose name has this in it")
    parser.add_argument("--no-http", action="store_true")
    wanted = parser.parse_args()
    sizes = [int(size) for size in wanted.sizes.split(",")]
    with ExitStack() as stack:
        server = stack.enter_context(banks.server(wanted.home))
        made = [banks.bank(server, size, anew=wanted.rebuild) for size in sizes]
        for bank in made:
            say_how_it_was_made(bank)
        places = stack.enter_context(web.sites(made, wanted.home))
        today = date.today()  # noqa: DTZ011 - the day as the site will have it
        desks = {bank.size: Desk(bank, furnish(bank, places[bank.size].email), today) for bank in made}
        chosen = [shape for shape in shapes(today) if wanted.only in shape.name]
        broken = Table(desks, {} if wanted.no_http else places).run(chosen)
        for desk in desks.values():
            desk.close()
    if broken:
        raise SystemExit("\n".join(["", "Out of bounds:", *broken]))


def say_how_it_was_made(bank: Bank) -> None:
    """How long its parts took; a bank that was kept says so."""
    if not bank.seconds:
        print(f"{bank.size:,} questions, kept from a run before\n")
        return
    print(f"{bank.size:,} questions, made in {sum(bank.seconds.values()):.0f} s:")
    print(", ".join(f"{part} {seconds:.1f}" for part, seconds in bank.seconds.items()), end="\n\n")


class Table:
    """Rows of figures, and what is out of bounds."""

    def __init__(self, desks: Mapping[int, Desk], places: Mapping[int, web.Site]) -> None:
        self._desks, self._places = desks, places
        self._broken: list[str] = []
        self._sizes = list(desks)
        self._times: dict[int, list[float]] = {size: [] for size in places}
        """Seconds of every page of the first table."""

    def run(self, chosen: Sequence[Shape]) -> list[str]:
        """Print everything."""
        self._heads(self._sizes)
        for shape in chosen:
            self._row(shape.name, shape, dict.fromkeys(self._sizes, 1), self._times)
        self._all_together()
        self._heads([size for size in self._sizes if size >= SCANS_FROM])
        for shape in chosen:
            # Deep in what is walked in order; words list no more than they rank.
            if shape.name in ("no filter", "one facet: a topic"):
                self._deep(shape)
        if WITH_VECTORS in self._desks:
            desk = self._desks[WITH_VECTORS]
            ours, hand, recall = similar_cost(desk)
            print(
                f"\nSimilar questions among {WITH_VECTORS:,} vectors: {ours:.1f} ms (by hand {hand:.1f}, {ours / hand:.2f}); {recall:.0%} of the five nearest found."
            )
            self._bound(ours / hand, MOST_TIMES_HAND, "similar questions", "times the time by hand")
        return self._broken

    def _heads(self, sizes: Sequence[int]) -> None:
        heads = [f"database at {size:,}, ms (by hand, ratio)" for size in sizes]
        heads += [f"page at {size:,}, p95 ms" for size in sizes if size in self._places]
        print(f"\n| search | {' | '.join(heads)} | ratio |\n|---|{'---|' * (len(heads) + 1)}")

    def _all_together(self) -> None:
        """The pages of all searches as one crowd, each as often as the others."""
        if len(self._times) < 2:
            return
        found = {size: web.p95(times) for size, times in self._times.items()}
        smallest, largest = min(found), max(found)
        times = found[largest] / found[smallest]
        cells = [*("" for _ in self._sizes), *(f"{milliseconds:.0f}" for milliseconds in found.values())]
        print(f"| all of these | {' | '.join(cells)} | {times:.1f} |", flush=True)
        self._bound(times, MOST_TIMES_SMALL, f"all pages at {largest:,}", f"times those at {smallest:,}")

    def _row(
        self, name: str, shape: Shape, numbers: Mapping[int, int], crowd: Mapping[int, list[float]] | None = None
    ) -> dict[int, Cost]:
        costs = {size: self._desks[size].cost(shape, number) for size, number in numbers.items()}
        cells = []
        for size, cost in costs.items():
            cells.append(f"{cost.ours:.1f} ({cost.by_hand:.1f}, {cost.ratio:.2f})")
            self._bound(cost.ratio, MOST_TIMES_HAND, f"{name} at {size:,}", "times the time by hand")
            if size >= SCANS_FROM and "questions" in cost.scanned:
                self._broken.append(f"{name} at {size:,}: reads all questions")
        taken = self._pages(shape, numbers)
        for size, times in (crowd or {}).items():
            times.extend(taken[size])
        pages = {size: web.p95(times) for size, times in taken.items()}
        cells += [f"{milliseconds:.0f}" for milliseconds in pages.values()]
        ratio = ""
        if len(pages) > 1:
            smallest, largest = min(pages), max(pages)
            slower = pages[largest] / pages[smallest]
            ratio = f"{slower:.1f}"
            self._bound(slower, MOST_TIMES_SMALL, f"{name}: page at {largest:,}", f"times that at {smallest:,}")
        print(f"| {name} | {' | '.join(cells)} | {ratio} |", flush=True)
        return costs

    def _pages(self, shape: Shape, numbers: Mapping[int, int]) -> Mapping[int, Sequence[float]]:
        asked = {}
        for size, number in numbers.items():
            if size in self._places:
                desk = self._desks[size]
                arguments = [(name, desk.facts.fill(value)) for name, value in shape.arguments]
                cursor = desk.cursor(shape, number)[0] if number > 1 else None
                asked[size] = (self._places[size], web.path_of(arguments, cursor))
        return web.timed(asked)

    def _deep(self, shape: Shape) -> None:
        """The page far down beside the first one, measured again in the same minute."""
        numbers = {size: DEEP for size in self._sizes if size >= SCANS_FROM}
        if not numbers:
            return
        first = self._row(f"{shape.name}, page 1", shape, dict.fromkeys(numbers, 1))
        deep = self._row(f"{shape.name}, page {DEEP}", shape, numbers)
        for size in numbers:
            self._bound(
                deep[size].ours / first[size].ours,
                MOST_TIMES_FIRST,
                f"{shape.name}: page {DEEP} at {size:,}",
                "times page 1 in the database",
            )

    def _bound(self, value: float, most: float, what: str, unit: str) -> None:
        if value > most:
            self._broken.append(f"{what}: {value:.2f} {unit}, bound {most:g}")


main()
