"""What scoring costs: answers a CPU-second on one thread, a long answer, and the process's memory."""

import os
import subprocess
import sys
import time

from bench.scoring.cases import bank
from lift.scoring.embedded import EmbeddedScorer
from lift.scoring.types import Rubric, Signal

_MEMORY = r"""
import os, re
from pathlib import Path
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
from lift.scoring.embedded import EmbeddedScorer
from lift.scoring.types import Rubric, Signal
rubric = Rubric("Why?", (Signal("The lock has an owner and an expiry", "must", "mid", "a"),), ("mid",), "1")
scorer = EmbeddedScorer()
for n in range(30):
    scorer.assess(rubric, f"The lock has an owner, number {n}. " * (1 + 10 * n))
print(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1])
"""


def rate(count: int = 100) -> float:
    """Short answers (about 16 words) a CPU-second, the signals encoded beforehand."""
    asked = Rubric(
        "What does a scheduler do when a process blocks?",
        (Signal("It saves the context of the process and lets another ready process run", "must", "mid", "a"),),
        ("mid",),
        "rate",
    )
    scorer = EmbeddedScorer()
    scorer.assess(asked, "It runs another one.")
    started = time.process_time()
    for number in range(count):
        scorer.assess(
            asked, f"It stores the registers of process {number} and picks the next one from the ready queue."
        )
    return count / (time.process_time() - started)


def long_answer(words: int = 300) -> float:
    """CPU-milliseconds of an answer of ``words`` words to a question of the bank; the best of five."""
    _, asked, text = bank()[3]
    scorer = EmbeddedScorer()
    answer = " ".join((text + " " + bank()[5][2] + " " + bank()[7][2]).split()[:words])
    scorer.assess(asked, answer)
    took = []
    for number in range(5):
        started = time.process_time()
        scorer.assess(asked, f"{answer} {number}")
        took.append(time.process_time() - started)
    return 1000 * min(took)


def memory() -> float:
    """Largest resident size, in MB, of a process that only scores."""
    done = subprocess.run([sys.executable, "-c", _MEMORY], capture_output=True, text=True, check=True, env=os.environ)
    return float(done.stdout) / 1000
