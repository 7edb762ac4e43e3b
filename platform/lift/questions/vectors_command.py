"""``lift content vectors``: the vectors of the shipped questions, made once for every installation."""

from lift.catalog.files import CONTENT, read_catalog
from lift.catalog.yaml_source import ContentError
from lift.questions import vectors
from lift.questions.format import read_questions
from lift.questions.loading import row_of
from lift.scoring.encoder import shared_encoder


def run() -> None:
    """Write the file anew and print how many questions were read for it."""
    files = read_catalog()
    placed, problems = read_questions(CONTENT)
    if problems:
        raise ContentError(problems)
    rows = [row_of(item.question, files) for item in placed]
    contents = [f"{row['prompt']}\n{row['key_points']}" for row in rows]
    read = vectors.ship(contents, lambda text: shared_encoder().encode(text).sentence)
    print(f"{len(contents)} vectors, {read} of them read anew")
