"""Forms of reports, and of asking for a question to be taken down."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from lift.catalog.choices import LoopChoices
from lift.catalog.queries import Names
from lift.submissions.guarding import guard
from lift.submissions.recency import months
from lift.submissions.screening import FEWEST_WORDS
from lift.submissions.service import Sending
from lift.web.forms.accounts import ADDRESS, strip
from lift.web.forms.choices import choices

LONGEST = 2000
"""Characters of one text."""
OUTCOMES = {
    "offer": "An offer",
    "rejected": "No offer",
    "waiting": "Not known yet",
    "withdrew": "I stopped the process",
}
FIELDS = ("question", "company", "role", "round", "level", "org", "month", "own_month", "outcome", "words", "tested")
"""What a draft keeps."""


def guarded(_: FlaskForm, field: Field) -> None:
    """Refuse what the guard refuses, beside the field; what it masks is shown on the next page."""
    refusals = guard(field.data or "").refusals
    if refusals:
        raise ValidationError(" ".join(refusals))


def _tidy(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").replace("\x00", "").strip()


TEXT = [Length(max=LONGEST, message=f"A text may have {LONGEST:,} characters. Shorten it a little."), guarded]


class ReportForm(FlaskForm):
    """One question of one loop. The choices are the company's own."""

    question = HiddenField(filters=[strip])
    company = HiddenField(validators=[InputRequired(message="Choose the company.")])
    role = SelectField("Role", validators=[InputRequired(message="Choose the role.")])
    round = SelectField("Round", validators=[InputRequired(message="Choose the round.")])
    level = SelectField("Level of the loop", validators=[InputRequired(message="Choose the level.")])
    org = SelectField("Org", validators=[Optional()])
    month = SelectField("Month of the loop", validators=[InputRequired(message="Choose the month.")])
    own_month = BooleanField("It was a loop of my own, in exactly this month")
    outcome = SelectField("Outcome", validators=[Optional()])
    words = TextAreaField("What you were asked, in your own words", filters=[_tidy], validators=TEXT)
    tested = TextAreaField("What you think it tested", filters=[_tidy], validators=[Optional(), *TEXT])

    def validate_words(self, field: Field) -> None:
        """A question that is not in the bank needs words; one that is may do without."""
        if not self.question.data and len((field.data or "").split()) < FEWEST_WORDS:
            raise ValidationError(f"Say what you were asked, in {FEWEST_WORDS} words or more.")

    def offer(self, known: Names, loop: LoopChoices, now: datetime, today: date) -> None:
        """Fill the choices in for the company of ``loop``; ``today`` is the day where the person is."""
        levels = [(level.code, level.label) for level in loop.levels] or list(known.levels.items())
        self.role.choices = choices([("", "Choose"), *known.roles.items()])
        self.round.choices = choices([("", "Choose"), *loop.rounds])
        self.level.choices = choices([("", "Choose"), *levels])
        self.org.choices = choices([("", "Not known, or none of these"), *loop.orgs])
        self.month.choices = choices(
            [("", "Choose"), *((f"{m:%Y-%m}", f"{m:%B %Y}") for m in months(now) if m <= today)]
        )
        self.outcome.choices = choices([("", "Rather not say"), *OUTCOMES.items()])

    def label(self, name: str) -> str:
        """The label of what was chosen in a field; empty where nothing was."""
        chosen = self[name].data
        return next((str(choice.label) for choice in self[name].choices if chosen and choice.value == chosen), "")

    def sending(self, loop: LoopChoices, question_id: UUID | None) -> Sending:
        """The report, once the form is valid."""
        year, _, month = self.month.data.partition("-")
        chosen = loop.level(self.level.data)
        return Sending(
            question_id=question_id,
            company=self.company.data,
            role=self.role.data,
            round=self.round.data,
            month=date(int(year), int(month), 1),
            level=chosen.common if chosen else self.level.data,
            level_code=chosen.code if chosen else None,
            org=self.org.data or None,
            outcome=self.outcome.data or None,
            own_month=self.own_month.data,
            words=self.words.data or "",
            tested=self.tested.data or "",
        )


def kept_fields(values: Mapping[str, str]) -> dict[str, str]:
    """Of what a browser sent, what a draft keeps."""
    return {name: values[name] for name in FIELDS if values.get(name)}


class WhereForm(FlaskForm):
    """Which company, before anything else: the rest is in its words. A GET form, so it needs no token."""

    class Meta:
        csrf = False

    company = SelectField("Company")
    role = SelectField("Role")


class SendForm(FlaskForm):
    """The last step."""

    allowed = BooleanField(
        "It is in my own words, it names nobody, and I have not promised to keep it to myself",
        validators=[InputRequired(message="Send it only if this is so.")],
    )


class TakedownForm(FlaskForm):
    """Who asks, for whom, and why."""

    name = StringField(
        "Your name", filters=[strip], validators=[InputRequired(message="Write your name."), Length(max=200)]
    )
    email = EmailField("E-mail address for our answer", filters=[strip], validators=ADDRESS)
    on_behalf_of = StringField("On whose behalf", filters=[strip], validators=[Optional(), Length(max=200)])
    why = TextAreaField(
        "Why it should be taken down",
        filters=[_tidy],
        validators=[
            InputRequired(message="Say why, so that a person can judge it."),
            Length(max=LONGEST, message=f"Keep it within {LONGEST:,} characters."),
        ],
    )
