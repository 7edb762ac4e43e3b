"""Forms of the moderation desk."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from lift.questions.house_text import LONGEST
from lift.submissions.reasons import DECLINING, VERIFYING
from lift.web.forms.choices import choices

LONGEST_NOTE = 1_000
LONGEST_ANSWER = 2_000


def tidy(text: str | None) -> str:
    """As it can be stored: with line feeds alone, and without the one character that PostgreSQL does not take."""
    return (text or "").replace("\r\n", "\n").replace("\x00", "")


def ticked(message: str) -> Callable[[FlaskForm, Field], None]:
    """At least one box. Not a required field: the browser would ask for every box then."""

    def look(_: FlaskForm, field: Field) -> None:
        if not field.data:
            raise ValidationError(message)

    return look


class ReasonsField(SelectMultipleField):
    """Reasons of a list, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class QueueForm(FlaskForm):
    """Which part of the queue. It changes nothing, so it needs no token."""

    class Meta:
        csrf = False

    company = SelectField("Company", validate_choice=False)
    mine = BooleanField("Only what I have taken")
    submit = SubmitField("Show")


class Beside(FlaskForm):
    """Stands beside another form with fields of the same names: the ids tell them apart."""

    NAME = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.id = field.label.field_id = f"{self.NAME}-{field.id}"


class VerifyForm(Beside):
    """The opinion that a report is to be verified."""

    NAME = "verify"

    reasons = ReasonsField(
        "What you saw", choices=choices(VERIFYING.items()), validators=[ticked("Tick what you saw.")]
    )
    note = TextAreaField("Note for other reviewers", filters=[tidy], validators=[Length(max=LONGEST_NOTE)])
    submit = SubmitField("Verify")


class DeclineForm(Beside):
    """The opinion that a report is to be declined; its reasons are told to who sent it."""

    NAME = "decline"

    reasons = ReasonsField(
        "Why, as its sender will read it",
        choices=choices(DECLINING.items()),
        validators=[ticked("Tick at least one reason.")],
    )
    note = TextAreaField("Note for other reviewers", filters=[tidy], validators=[Length(max=LONGEST_NOTE)])
    submit = SubmitField("Decline")


class MergeForm(Beside):
    """Which question the report counts for."""

    NAME = "merge"

    into = StringField(
        "Id of the question", validators=[DataRequired(message="Choose or write a question."), Length(max=80)]
    )
    submit = SubmitField("Merge")


class WordingForm(FlaskForm):
    """A reported question in house style."""

    prompt = TextAreaField(
        "The question", filters=[tidy], validators=[DataRequired(message="Write the question."), Length(max=1200)]
    )
    submit = SubmitField("Keep this wording")


class HouseForm(FlaskForm):
    """A question with everything that belongs to it, as the shipped files hold it."""

    text = TextAreaField(
        "The question in the house format",
        filters=[tidy],
        validators=[
            DataRequired(message="Write the question."),
            Length(max=LONGEST, message=f"Make it shorter: up to {LONGEST:,} characters."),
        ],
    )
    take_over = BooleanField("Make it the desk’s: releases no longer change it")
    submit = SubmitField("Save")


class TakedownForm(FlaskForm):
    """The answer to somebody who asks for a question to be taken down."""

    act = RadioField(
        "Decision",
        choices=choices([("remove", "Take the question down"), ("keep", "Keep the question")]),
        validators=[InputRequired(message="Choose one.")],
    )
    answer = TextAreaField(
        "Answer, as it is mailed",
        filters=[tidy],
        validators=[
            DataRequired(message="Say why, in words for the one who asked."),
            Length(max=LONGEST_ANSWER, message=f"Make it shorter: up to {LONGEST_ANSWER:,} characters."),
        ],
    )
    submit = SubmitField("Decide and mail the answer")


def queue_form(known: Mapping[str, str], company: str, *, mine: bool) -> QueueForm:
    """The filters as they are set; ``known`` are the companies that somebody reported."""
    form = QueueForm(formdata=None, company=company, mine=mine)
    form.company.choices = choices([("", "Any company"), *known.items()])
    return form
