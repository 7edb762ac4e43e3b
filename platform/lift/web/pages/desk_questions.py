"""The bank at the operator's desk: out as a file, in from a file that is shown row by row before anything is written."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lift.operations import question_imports
from lift.questions import exchange, exporting, importing, queries, uploads
from lift.questions.desk_models import QuestionImport
from lift.questions.exporting import Selection
from lift.questions.importing import Plan
from lift.web.content import names
from lift.web.context import db, now, required_account, services
from lift.web.forms.questions import AgreeForm, ExportForm, ImportForm, export_form
from lift.web.guards import Guard, guard

blueprint = Blueprint("desk_questions", __name__, url_prefix="/desk/questions")

SHOWN = 300
"""Rows of a report that are shown one by one."""
LATEST = 10


@blueprint.get("")
@guard(Guard.ADMIN)
def show() -> ResponseReturnValue:
    return _page(export_form(names()), ImportForm())


def _page(export: ExportForm, upload: ImportForm) -> str:
    return render_template(
        "desk/questions.html",
        export=export,
        upload=upload,
        counts=queries.counts_by_origin(db()),
        imports=uploads.latest(db(), LATEST),
        most=exchange.MOST_BYTES // (1024 * 1024),
    )


@blueprint.get("/export")
@guard(Guard.ADMIN)
def export() -> ResponseReturnValue:
    """The chosen questions as a file, sent while it is read."""
    form = export_form(names(), request.args)
    if not form.validate():
        return _page(form, ImportForm()), 422
    chosen = Selection(**form.chosen, retired=form.retired.data)
    pieces = exchange.write(form.wanted, exporting.records(services().reading_factory, chosen))
    reply = Response(pieces, mimetype=form.wanted.mimetype)
    reply.headers["Content-Disposition"] = f'attachment; filename="questions-{now():%Y-%m-%d}.{form.wanted}"'
    reply.headers["Cache-Control"] = "no-store"
    return reply


@blueprint.post("/import")
@guard(Guard.ADMIN)
def upload() -> ResponseReturnValue:
    """Keep the file and show what it would do."""
    form = ImportForm()
    if not form.validate():
        return _page(export_form(names()), form), 422
    kept = uploads.keep(
        db(),
        form.file.data.read(),
        name=form.file.data.filename or "",
        take_over=form.take_over.data,
        who=required_account().email,
        now=now(),
    )
    return redirect(url_for("desk_questions.report", upload_id=kept.id), 303)


@blueprint.get("/imports/<uuid:upload_id>")
@guard(Guard.ADMIN)
def report(upload_id: UUID) -> ResponseReturnValue:
    """What the file would do, or what it did."""
    found = uploads.find(db(), upload_id)
    if found.done_at is not None:
        return render_template("desk/import_done.html", upload=found)
    plan = _plan(found)
    return _report(found, plan, AgreeForm(formdata=None, shown=plan.digest))


def _plan(found: QuestionImport) -> Plan:
    files = question_imports.shipped_catalog()
    return importing.plan(db(), uploads.content_of(found), files, take_over=found.take_over)


def _report(found: QuestionImport, plan: Plan, form: AgreeForm, *, changed: bool = False) -> str:
    return render_template("desk/import.html", upload=found, plan=plan, form=form, changed=changed, most=SHOWN)


@blueprint.post("/imports/<uuid:upload_id>")
@guard(Guard.ADMIN)
def agree(upload_id: UUID) -> ResponseReturnValue:
    """Do what was shown; show it again when the bank has changed since."""
    importing.lock(db())
    found = uploads.find(db(), upload_id, lock=True)
    there = redirect(url_for("desk_questions.report", upload_id=upload_id), 303)
    if found.done_at is not None:
        return there
    plan, form = _plan(found), AgreeForm()
    valid = form.validate()
    if plan.problems or not plan.writes or form.shown.data != plan.digest:
        form.shown.data = plan.digest
        return _report(found, plan, form, changed=True), 409
    if not valid:
        return _report(found, plan, form), 422
    act = f"import:{found.id}"
    who = required_account().email
    counts = question_imports.run(db(), plan, name=found.name, who=who, why=form.why.data, act_key=act, now=now())
    uploads.mark_done(found, counts or {}, now())
    flash("Imported, and written down.", "good")
    return there
