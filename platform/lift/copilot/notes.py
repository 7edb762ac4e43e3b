"""What a language model may put into words: the copilot's own text, and no more than the person may see. Pure."""

from lift.copilot.explain import explain
from lift.copilot.facts import QuestionFacts
from lift.copilot.hints import RUNGS, hint
from lift.copilot.improve import improve
from lift.copilot.models import HINT, POINT, SENTENCE
from lift.scoring.llm.phrasing import Note

MOST_WORDS = {HINT: 60, POINT: 90, SENTENCE: 90}


def may_be_worded(kind: str, number: int) -> bool:
    """Whether a model is asked at all: the gaps of the last hint are ours."""
    return kind in (POINT, SENTENCE) or (kind == HINT and 1 <= number < RUNGS)


def note_for(facts: QuestionFacts, kind: str, number: int, sentence: str, *, is_open: bool) -> Note:
    """The note behind one thing asked for."""
    if kind == HINT:
        text = hint(facts, number).text
    elif kind == POINT:
        text = explain(facts, number).text
    else:
        text = improve(facts, sentence, is_open=is_open).text
    return Note(
        question=facts.prompt,
        text=text,
        sentence=sentence if kind == SENTENCE else "",
        most_words=MOST_WORDS[kind],
        # Whoever has opened the model answer has nothing kept back.
        hidden=() if is_open else facts.hidden,
        shown=facts.shown,
    )
