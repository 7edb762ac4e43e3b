"""The graded answers that the scorer learns from and is measured on. They are read where they lie, never copied."""

import csv
import os
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = "LIFT_GRADED_ANSWERS"
SETS = {
    "Beetle": "semeval2013_beetle.csv",
    "ScientsBank": "semeval2013_scientsbank.csv",
    "SAF half": "networks_saf_half.csv",
}
SOURCE = (
    "SemEval-2013 Task 7, Beetle and ScientsBank (CC-BY-SA), and half the questions of SAF, communication networks "
    "(MIT): coefficients only, no data"
)


@dataclass(frozen=True)
class Graded:
    """One answer with the mean of its grades as a share of the most there is."""

    group: str
    question_id: str
    question: str
    reference: str
    answer: str
    grade: float

    @property
    def whole_question(self) -> str:
        """What is held out together."""
        return f"{self.group}/{self.question_id}"


def folder(named: Path | None) -> Path:
    """The folder with the sets; exits with one line where there is none."""
    wanted = named or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    places = [wanted] if wanted else [ROOT.parent / "shared" / "data" / "graded-answers"]
    for place in places:
        if all((place / name).is_file() for name in SETS.values()):
            return place
    print(f"No graded answers in {places[0]}: name their folder by --data or {VARIABLE}.", file=sys.stderr)
    sys.exit(1)


def read(place: Path, most_a_question: int | None = None) -> list[Graded]:
    """Every answer once, empty ones and the sets' own "No submission." left out."""
    csv.field_size_limit(1 << 30)
    found: list[Graded] = []
    for group, name in SETS.items():
        seen: set[tuple[str, str]] = set()
        count: Counter[str] = Counter()
        with (place / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                key = row["qid"], row["answer"]
                blank = not row["answer"].strip() or "no submission" in row["answer"].lower()
                if blank or key in seen or (most_a_question and count[row["qid"]] >= most_a_question):
                    continue
                seen.add(key)
                count[row["qid"]] += 1
                grade = float(row["score_mean"]) / float(row["max"])
                found.append(Graded(group, row["qid"], row["question"], row["reference"], row["answer"], grade))
    return found
