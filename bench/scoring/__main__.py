"""`lift bench scoring`: agreement with graders, attacks, cost; with --train the coefficients that ship as well."""

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import argparse
from pathlib import Path

from bench.scoring import data, report


def main() -> None:
    """Print the tables; --train writes coefficients.json and the report beside this file."""
    parser = argparse.ArgumentParser(prog="lift bench scoring")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--train", action="store_true")
    wanted = parser.parse_args()
    report.run(data.folder(wanted.data), quick=wanted.quick, train=wanted.train)


main()
