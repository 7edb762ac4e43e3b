"""Forms of the bank at the desk: which questions to export, a file to import, and agreeing to what it would do."""

from collections.abc import Mapping

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, SelectField, StringField, SubmitField
from wtforms.validators import DataRequired, Length, Optional

from lift.catalog.queries import Names
from lift.questions.exchange import Format
from lift.web.forms.bank import PROVENANCE
from lift.web.forms.choices import choices
from lift.web.forms.reviews import tidy

ORIGINS = {"content": "The shipped files", "desk": "The desk"}
MOST_WHY = 300


class ExportForm(FlaskForm):
    """Which questions, in which format. It changes nothing, so it needs no token."""

    class Meta:
        csrf = False

    format = SelectField("Format", choices=choices([("csv", "CSV, for a spreadsheet"), ("jsonl", "JSON Lines")]))
    company = SelectField("Company", validators=[Optional()])
    topic = SelectField("Topic", validators=[Optional()])
    level = SelectField("Level", validators=[Optional()])
    kind = SelectField("Kind", validators=[Optional()])
    round = SelectField("Round", validators=[Optional()])
    provenance = SelectField("Provenance", validators=[Optional()])
    origin = SelectField("Text of", validators=[Optional()])
    retired = BooleanField("Retired questions too")
    submit = SubmitField("Download")

    @property
    def chosen(self) -> dict[str, str]:
        """The facets, empty where any will do."""
        return {name: self[name].data or "" for name in FACETS}

    @property
    def wanted(self) -> Format:
        """The format that was chosen."""
        return Format(self.format.data)


FACETS = ("company", "topic", "level", "kind", "round", "provenance", "origin")


def export_form(names: Names, arguments: Mapping[str, str] | None = None) -> ExportForm:
    """The form with its choices, filled from request ``arguments``."""
    form = ExportForm(formdata=arguments or None)
    labels: tuple[Mapping[str, str], ...] = (
        names.companies, names.topics, names.levels, names.kinds, names.rounds, PROVENANCE, ORIGINS,
    )  # fmt: skip
    for facet, known in zip(FACETS, labels, strict=True):
        form[facet].choices = choices([("", "Any"), *known.items()])
    return form


class ImportForm(FlaskForm):
    """A file to look at first."""

    file = FileField("File", validators=[FileRequired(message="Choose a file.")])
    take_over = BooleanField("It may change questions of the shipped files")
    submit = SubmitField("Look at it first")


class AgreeForm(FlaskForm):
    """Do what was shown."""

    shown = HiddenField(validators=[DataRequired()])
    why = StringField(
        "Reason",
        filters=[tidy],
        validators=[DataRequired(message="Say why."), Length(max=MOST_WHY, message="Make it shorter.")],
    )
    submit = SubmitField("Import")
