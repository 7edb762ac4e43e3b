"""Forms of loops."""

from datetime import date

from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, SubmitField
from wtforms.validators import InputRequired, Optional, ValidationError

SCOPES = {
    "loop": "The full loop",
    "round": "One round of it",
    "warm-up": "A warm-up of 15 minutes",
}


class CompanyForm(FlaskForm):
    """Whose loop it is; read from the address, so that it works without JavaScript and can be linked."""

    class Meta:
        csrf = False

    company = SelectField("Company", validators=[Optional()])
    role = SelectField("Role", validators=[Optional()])


class PlanForm(FlaskForm):
    """The rest of a plan, in the company's own words."""

    level = SelectField("Level", validators=[InputRequired(message="Choose the level that the loop is for.")])
    org = SelectField("Org", validators=[Optional()])
    interview_on = DateField("Interview date", validators=[Optional()])
    scope = RadioField("What to plan", validators=[InputRequired(message="Choose what to plan.")])
    position = SelectField("Which round")
    submit = SubmitField("Plan it")

    earliest: date
    """Today, where the person is."""

    def validate_interview_on(self, field: DateField) -> None:
        """An interview that is still ahead."""
        if field.data is not None and field.data < self.earliest:
            raise ValidationError("This day has passed. Leave it empty if you do not know the date yet.")

    def validate_position(self, field: SelectField) -> None:
        """One round needs to be named."""
        if self.scope.data == "round" and not field.data:
            raise ValidationError("Say which round.")
