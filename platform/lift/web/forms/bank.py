"""The search form of the bank: a GET form, so that a search has an address."""

from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import SearchField, SelectField

from lift.catalog.queries import Names
from lift.questions.facets import Counts, Filters
from lift.web.forms.choices import choices

PROVENANCE = {
    "editorial": "Editorial",
    "reported": "Reported",
    "corroborated": "Corroborated",
    "verified": "Verified",
}


class SearchForm(FlaskForm):
    """Words and one choice a facet. It changes nothing, so it needs no token."""

    class Meta:
        csrf = False

    q = SearchField("Words")
    company = SelectField("Company", validate_choice=False)
    topic = SelectField("Topic", validate_choice=False)
    level = SelectField("Level", validate_choice=False)
    org = SelectField("Org", validate_choice=False)
    round = SelectField("Round", validate_choice=False)
    kind = SelectField("Kind", validate_choice=False)
    provenance = SelectField("Provenance", validate_choice=False)


def search_form(filters: Filters, counts: Counts, names: Names) -> SearchForm:
    """The form filled with ``filters``; each choice shows how many questions it would leave."""
    labels: dict[str, Mapping[str, str]] = {
        "company": names.companies,
        "topic": names.topics,
        "level": {slug: names.level(slug, filters.company) for slug in names.levels},
        "org": _orgs(names, filters.company),
        "round": names.rounds,
        "kind": names.kinds,
        "provenance": PROVENANCE,
    }
    if filters.company:
        labels["level"] = _told_apart(labels["level"], names.levels)
    form = SearchForm(formdata=None, q=filters.words, **filters.chosen)
    for facet, known in labels.items():
        found, chosen = counts.facets[facet], getattr(filters, facet)
        slugs = [slug for slug in known if found.get(slug) or slug == chosen]
        # A choice that the catalogue does not know stays visible, so that the person can see and undo it.
        if chosen and chosen not in known:
            slugs.append(chosen)
        counted = [(slug, f"{known.get(slug, slug)} ({found.get(slug, 0)})") for slug in slugs]
        form[facet].choices = choices([("", "Any"), *counted])
    return form


def _orgs(names: Names, company: str) -> dict[str, str]:
    """Org names: of the chosen company, or of all, with the company where a slug alone does not tell."""
    if company:
        return {slug: name for (owner, slug), name in names.orgs.items() if owner == company}
    found: dict[str, str] = {}
    for (_, slug), name in names.orgs.items():
        found.setdefault(slug, name)
    return found


def _told_apart(labels: Mapping[str, str], common: Mapping[str, str]) -> dict[str, str]:
    """Where two levels share a company's word (SE for entry and mid), the common name is added."""
    words = list(labels.values())
    return {slug: f"{word}, {common[slug].lower()}" if words.count(word) > 1 else word for slug, word in labels.items()}
