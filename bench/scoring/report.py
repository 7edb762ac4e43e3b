"""The tables of `lift bench scoring`, and the coefficients that are learnt with them."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.scoring import baselines, cost
from bench.scoring.attacks import KINDS
from bench.scoring.cases import BANK, BANK_ANSWERS, attack_cases, bank, real_cases
from bench.scoring.data import SETS, SOURCE, Graded, read
from bench.scoring.evaluation import HALF, Flags, Stranger, held_out, kinds_held_out, set_held_out
from bench.scoring.figures import Floats, kappa, pearson, rmse, within
from bench.scoring.learning import Case, fit
from lift.scoring import coefficients, cues, measures
from lift.scoring.coefficients import Coefficients
from lift.scoring.embedded import EmbeddedScorer
from lift.scoring.encoder import Encoded, Encoder
from lift.scoring.text import content_words

REPORT = Path(__file__).with_name("report.txt")
QUICK_ANSWERS = 12
QUICK_EVERY = 6


class Remembering(Encoder):
    """Reads each of some texts once, because scorer and ladder read the same answers; takes half a gigabyte for all."""

    def __init__(self, worth: set[str]) -> None:
        super().__init__()
        self._worth = worth
        self._read: dict[str, Encoded] = {}

    def encode(self, text: str, *, max_pieces: int = 4096) -> Encoded:
        """As the encoder itself."""
        if text not in self._worth:
            return super().encode(text, max_pieces=max_pieces)
        if text not in self._read:
            self._read[text] = super().encode(text, max_pieces=max_pieces)
        return self._read[text]


class Paper:
    """Prints and keeps what was printed."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str = "") -> None:
        """One line."""
        print(line, flush=True)
        self.lines.append(line)


def run(place: Path, *, quick: bool, train: bool) -> None:
    """Everything, in the order of the page."""
    paper = Paper()
    graded = [each for each in read(place, QUICK_ANSWERS if quick else None) if content_words(each.answer)]
    scorer = EmbeddedScorer(encoder=Remembering({each.answer for each in graded}), coefficients=_unlearnt())
    real = real_cases(scorer, graded)
    tricks = attack_cases(scorer, graded, QUICK_EVERY if quick else 1)
    questions = {each.whole_question: each.question for each in graded}
    questions |= {name: asked.question for count in (BANK, BANK_ANSWERS) for name, asked, _ in bank(count)}
    marked, marked_tricks = held_out(real, tricks, questions, scorer.encoder)
    kept = np.array([bool(case.group) for case in real])
    agreement(paper, graded, scorer, marked.scores[kept])
    refused = marked.refused[kept].mean()
    alone = kinds_held_out(real, tricks, questions, scorer.encoder)
    attacks(paper, [case.kind for case in tricks], marked_tricks.scores, alone, float(refused))
    strangers = {group: set_held_out(group, real, tricks, questions, scorer.encoder) for group in SETS}
    sets_left_out(paper, [case for case in real if case.group], marked.refused[kept], strangers)
    if train:
        # The cost is another machine's another day; the figures above are the same on every run.
        write(paper, fit(real, tricks))
    paper.say()
    paper.say(f"short answers a CPU-second, one thread  {cost.rate():6.1f}   (at least 30)")
    paper.say(f"answer of 300 words, CPU-milliseconds    {cost.long_answer():6.0f}   (at most 250)")
    paper.say(f"memory of a scoring process, MB          {cost.memory():6.0f}   (at most 350)")


def agreement(paper: Paper, graded: Sequence[Graded], scorer: EmbeddedScorer, scores: Floats) -> None:
    """Agreement with graders a set, beside the ladder. RMSE and kappa of a baseline: after the best straight line."""
    paper.say(f"{'set':12s}{'scorer':28s}{'r':>7s}{'within':>8s}{'RMSE':>7s}{'kappa':>7s}")
    groups = np.array([each.group for each in graded])
    for group in SETS:
        at = np.flatnonzero(groups == group)
        part = [graded[i] for i in at]
        grades = np.array([each.grade for each in part])
        asked = [each.whole_question for each in part]
        cosine, aligned = baselines.by_meaning(part, scorer.encoder)
        ladder = {
            "length": baselines.length(part),
            "TF-IDF": baselines.tf_idf(part),
            "sentence cosine": cosine,
            "token alignment alone": aligned,
        }
        for name, values in {**ladder, "embedded, held out": scores[at]}.items():
            fitted = np.polyval(np.polyfit(values, grades, 1), values) if name in ladder else values
            paper.say(
                f"{group:12s}{name:28s}{pearson(values, grades):7.3f}{within(values, grades, asked):8.3f}"
                f"{rmse(fitted, grades):7.3f}{kappa(fitted, grades):7.3f}"
            )


def attacks(paper: Paper, kinds: Sequence[str], scores: Floats, alone: dict[str, float], refused: float) -> None:
    """Share of each kind that reaches half marks."""
    paper.say()
    paper.say(f"{'attack, share at half marks or more':42s}{'trained':>9s}{'kind held out':>15s}")
    labels = np.array(kinds)
    for kind in KINDS:
        share = float((scores[labels == kind] >= HALF).mean())
        paper.say(f"{kind:42s}{share:9.1%}{alone[kind]:15.1%}")
    paper.say(f"kinds held out at 20 % or less: {sum(v <= 0.2 for v in alone.values())} of {len(alone)}")
    paper.say(f"real answers refused: {refused:.2%}")


def sets_left_out(paper: Paper, real: Sequence[Case], refused: Flags, strangers: dict[str, Stranger]) -> None:
    """What becomes of a set that was not learnt from, and of its real answers in either case.

    Refused: by the learnt gate, with the set left out and with questions held out; and by a plain rule in either case.
    """
    paper.say()
    head = f"{'set left out of training':26s}{'r':>7s}{'within':>8s}{'attacks':>9s}{'refused':>9s}"
    paper.say(f"{head}{'in training':>13s}{'by rule':>9s}")
    for group, found in strangers.items():
        at = [i for i, case in enumerate(real) if case.group == group]
        grades = np.array([real[i].grade for i in at])
        asked = [real[i].whole_question for i in at]
        paper.say(
            f"{group:26s}{pearson(found.scores, grades):7.3f}{within(found.scores, grades, asked):8.3f}"
            f"{found.passing:9.2%}{found.by_gate:9.2%}{refused[at].mean() - found.by_rule:13.2%}{found.by_rule:9.2%}"
        )


def write(paper: Paper, learnt: Coefficients) -> None:
    """coefficients.json of the scorer, and the report that it names by hash."""
    text = "\n".join(paper.lines) + "\n"
    REPORT.write_text(text, encoding="utf-8")
    found = {
        "version": learnt.version,
        "source": SOURCE,
        "report_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "measures": list(measures.NAMES),
        "cues": list(cues.NAMES),
        "grade": [round(float(value), 5) for value in learnt.grade],
        "status": [round(value, 4) for value in learnt.status],
        "gate": {name: [round(float(value), 4) for value in values] for name, values in learnt.gate.items()},
        "order": coefficients.pack_order(learnt.order),
    }
    coefficients.FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _unlearnt() -> Coefficients:
    """Measuring needs no coefficients; these keep an old or missing file out of it."""
    from lift.scoring.order import learn

    return Coefficients("", np.zeros(len(measures.NAMES) + 1), (0.0, 1.0), {}, learn([]))
