"""Forms of accounts."""

from datetime import date

from flask_wtf import FlaskForm
from wtforms import DateField, EmailField, Field, HiddenField, PasswordField, SelectField, SubmitField
from wtforms.validators import InputRequired, Optional, ValidationError

from lift.accounts import zones
from lift.accounts.addresses import LONGEST, parse_address
from lift.kernel.errors import Invalid


def reads_as_address(_: FlaskForm, field: Field) -> None:
    """Refuse what the service would refuse, beside the field."""
    try:
        parse_address(field.data or "")
    except Invalid as error:
        raise ValidationError(error.message) from error


ADDRESS = [InputRequired(message="Write your e-mail address."), reads_as_address]


def strip(value: str | None) -> str | None:
    """Without the blanks that a paste brings along."""
    return value.strip() if value else value


def browser_zone() -> HiddenField:
    """Where the browser says that it is; a script fills it in, and the service takes only names that it knows."""
    return HiddenField(render_kw={"data-zone": ""})


class SignUpForm(FlaskForm):
    """Address and password, no card."""

    email = EmailField("E-mail address", validators=ADDRESS, filters=[strip], render_kw={"maxlength": LONGEST})
    password = PasswordField("Password", validators=[InputRequired(message="Choose a password.")])
    submit = SubmitField("Sign up")


class LogInForm(FlaskForm):
    """Address and password."""

    email = EmailField("E-mail address", validators=ADDRESS, filters=[strip], render_kw={"maxlength": LONGEST})
    password = PasswordField("Password", validators=[InputRequired(message="Write your password.")])
    submit = SubmitField("Log in")


class ForgotForm(FlaskForm):
    """Where to send the link."""

    email = EmailField("E-mail address", validators=ADDRESS, filters=[strip], render_kw={"maxlength": LONGEST})
    submit = SubmitField("Send me a link")


class ResetForm(FlaskForm):
    """The new password."""

    timezone = browser_zone()
    password = PasswordField("New password", validators=[InputRequired(message="Choose a password.")])
    submit = SubmitField("Set the password")


class ButtonForm(FlaskForm):
    """A button with its CSRF token."""


class ConfirmForm(FlaskForm):
    """The button that proves the mailbox of who is logged in."""

    timezone = browser_zone()


class ConfirmWithPasswordForm(ConfirmForm):
    """The same for somebody who is not."""

    password = PasswordField("Password", validators=[InputRequired(message="Write the password you chose.")])


class DeletionForm(FlaskForm):
    """The password again: who holds a browser that was left open must not be able to do this."""

    password = PasswordField("Your password", validators=[InputRequired(message="Write your password.")])


class TimeZoneForm(FlaskForm):
    """Where the person's clock is."""

    timezone = SelectField("Time zone", choices=sorted(zones.known()))
    submit = SubmitField("Save the time zone")


class OnboardingForm(FlaskForm):
    """What the person prepares for; each part may be skipped."""

    company = SelectField("Company", validators=[Optional()])
    role = SelectField("Role", validators=[Optional()])
    level = SelectField("Level", validators=[Optional()])
    interview_date = DateField("Date of the interview", validators=[Optional()])
    submit = SubmitField("Save")

    earliest: date | None = None
    """Today where the person is."""

    def validate_interview_date(self, field: Field) -> None:
        """An interview is still to come."""
        if field.data and self.earliest and field.data < self.earliest:
            raise ValidationError("This date has passed. Leave it empty if you do not know the next one.")
