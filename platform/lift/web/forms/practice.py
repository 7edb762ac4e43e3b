"""Forms of practice."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from lift.interviews.text import MAX_ANSWER, cleaned
from lift.web.forms.choices import choices

CONFIDENCE = [("1", "Guessing"), ("2", "Unsure"), ("3", "Fairly sure"), ("4", "Certain")]


class StartForm(FlaskForm):
    """Begin: a question that was picked, or one to be given."""

    question = HiddenField(validators=[Optional(), Length(max=80)])
    submit = SubmitField("Practise this question")


class ChooseForm(FlaskForm):
    """Be given a question of a topic and level."""

    topic = SelectField("Topic", validators=[Optional()])
    level = SelectField("Level", validators=[Optional()])
    submit = SubmitField("Give me a question")


def _cleaned(text: str | None) -> str | None:
    # Counted as it will be stored, and as the browser counts it.
    return None if text is None else cleaned(text)


class AnswerForm(FlaskForm):
    """The answer. An empty one is legal: the debrief says what was listened for."""

    text = TextAreaField(
        "Your answer",
        filters=[_cleaned],
        validators=[
            Length(max=MAX_ANSWER, message=f"An answer may have {MAX_ANSWER:,} characters. Shorten it a little.")
        ],
    )
    confidence = RadioField(
        "How sure are you of this answer?",
        choices=choices(CONFIDENCE),
        validators=[InputRequired(message="Say how sure you are: the debrief compares it with what was heard.")],
    )
    submit = SubmitField("Submit the answer")

    @property
    def how_sure(self) -> int | None:
        """The confidence that was chosen, or None."""
        return int(self.confidence.data) if self.confidence.data in dict(CONFIDENCE) else None


class CorrectForm(FlaskForm):
    """The text of an answer as it should have been written down."""

    text = TextAreaField(
        "The corrected text",
        filters=[_cleaned],
        validators=[Length(max=MAX_ANSWER, message=f"An answer may have {MAX_ANSWER:,} characters.")],
    )
    submit = SubmitField("Read it again")


class AgainForm(FlaskForm):
    """Have an answer read again whose reading was given up."""
