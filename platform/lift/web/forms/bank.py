"""Words and forms of the bank's pages. The search's own form is a GET form, drawn from counts (``lift.web.narrowing``)."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField, StringField, SubmitField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from lift.shelf.service import LONGEST_NAME, tidy_name

PROVENANCE = {
    "editorial": "Editorial",
    "reported": "Reported",
    "corroborated": "Corroborated",
    "verified": "Verified",
}


def _tidy(value: str | None) -> str | None:
    # Counted as it will be stored.
    return tidy_name(value) if value else value


NAME = Length(max=LONGEST_NAME, message=f"A name may have {LONGEST_NAME} characters.")


class ListForm(FlaskForm):
    """Name a list: a new one, or one that there is."""

    name = StringField(
        "Name",
        filters=[_tidy],
        validators=[InputRequired(message="Give the list a name."), NAME],
        render_kw={"maxlength": LONGEST_NAME},
    )
    submit = SubmitField("Save")


class KeepForm(FlaskForm):
    """Which lists a question is in, and perhaps a new one for it."""

    lists = SelectMultipleField(
        "In your lists", widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=False
    )
    name = StringField(
        "A new list", filters=[_tidy], validators=[Optional(), NAME], render_kw={"maxlength": LONGEST_NAME}
    )
    next = HiddenField()
    submit = SubmitField("Save")
