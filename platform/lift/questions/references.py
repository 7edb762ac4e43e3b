"""Whether the slugs of a question resolve in the catalogue."""

from collections.abc import Iterator

from lift.catalog.files import CatalogFiles
from lift.questions.format import Located, P, Placed


def misplaced(item: Placed, files: CatalogFiles) -> Iterator[str]:
    """A problem for a question in the wrong file."""
    competency = item.question.id.rsplit("-", 1)[0]
    found = files.competencies.get(competency)
    if found is not None and not item.source.name.endswith(f"questions/{found[0].slug}/{competency}.yaml"):
        yield item.problem(f"this question belongs into questions/{found[0].slug}/{competency}.yaml", "id")


def unresolved(item: Located[P], files: CatalogFiles) -> Iterator[P]:
    """A problem for each slug that the catalogue does not know."""
    question = item.question
    known = {
        "levels": set(files.levels),
        "competencies": set(files.competencies),
        "companies": set(files.orgs),
    }
    for field, slugs in known.items():
        for index, slug in enumerate(getattr(question, field)):
            if slug not in slugs:
                yield item.problem(f"{field}: {slug!r} is not in the catalogue", field, index)
        if len(set(getattr(question, field))) != len(getattr(question, field)):
            yield item.problem(f"{field}: a slug is given twice", field)
    if question.round not in files.round_slugs:
        yield item.problem(f"round: {question.round!r} is not in the catalogue", "round")
    own = set().union(*(files.orgs.get(company, set()) for company in question.companies))
    for index, org in enumerate(question.orgs):
        if org not in own:
            yield item.problem(
                f"orgs: {org!r} is no org of {', '.join(question.companies) or 'any company named'}", "orgs", index
            )
    for index, signal in enumerate(question.signals):
        if signal.dimension not in files.dimension_slugs:
            yield item.problem(f"dimension {signal.dimension!r} is not in the catalogue", "signals", index, "dimension")
        if signal.level not in files.levels:
            yield item.problem(f"level {signal.level!r} is not in the catalogue", "signals", index, "level")
    for index, followup in enumerate(question.followups):
        if followup.when_missed is not None and followup.when_missed >= len(question.signals):
            yield item.problem(
                f"when_missed: there is no signal {followup.when_missed}", "followups", index, "when_missed"
            )
        if followup.deepen is not None and followup.deepen not in files.levels:
            yield item.problem(f"deepen: {followup.deepen!r} is no level", "followups", index, "deepen")
    for level in question.by_level:
        if level not in files.levels:
            yield item.problem(f"by_level: {level!r} is no level", "by_level", level)
    competency = question.id.rsplit("-", 1)[0]
    if competency not in question.competencies:
        yield item.problem(f"the id names {competency!r}, which is not among its competencies", "id")
    if competency not in files.competencies:
        yield item.problem(f"the id does not begin with a competency: {competency!r}", "id")
