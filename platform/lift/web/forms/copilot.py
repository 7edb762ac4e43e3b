"""Forms of a question's page."""

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SubmitField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange

from lift.copilot.hints import RUNGS
from lift.copilot.improve import LONGEST, problem_with
from lift.interviews.text import cleaned
from lift.problems.kinds import KINDS
from lift.problems.service import LONGEST as LONGEST_REPORT
from lift.web.forms.choices import choices


def _plain(text: str | None) -> str | None:
    return None if text is None else cleaned(text).strip()


class HintForm(FlaskForm):
    """The rung that is asked for, so that a click that comes twice takes one hint."""

    rung = IntegerField(validators=[InputRequired(), NumberRange(1, RUNGS)])


class SentenceForm(FlaskForm):
    """One sentence or two of somebody's answer."""

    sentence = TextAreaField(
        "One or two sentences of your answer",
        filters=[_plain],
        validators=[InputRequired(message="Paste a sentence of yours first.")],
        render_kw={"maxlength": LONGEST, "data-count": ""},
    )
    submit = SubmitField("Improve it")

    def validate_sentence(self, field: TextAreaField) -> None:
        """What the copilot can say nothing of is turned away with the reason."""
        if (problem := problem_with(field.data or "")) is not None:
            raise ValidationError(problem)


class ProblemForm(FlaskForm):
    """What is wrong with a question."""

    problem = RadioField(
        "What is wrong?",
        choices=choices(KINDS.items()),
        validators=[InputRequired(message="Choose what is wrong with the question.")],
    )
    details = TextAreaField(
        "Say it in a sentence or two",
        filters=[_plain],
        validators=[
            InputRequired(message="Say in a sentence what is wrong, so that somebody can look."),
            Length(max=LONGEST_REPORT, message=f"A report may have {LONGEST_REPORT:,} characters."),
        ],
        render_kw={"maxlength": LONGEST_REPORT},
    )
    submit = SubmitField("Send the report")
