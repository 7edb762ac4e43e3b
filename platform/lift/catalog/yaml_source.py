"""YAML files that remember their lines, so that an error names file and line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from lift.kernel.errors import Invalid

# libyaml's parser is about eight times as fast; the pure one gives the same nodes.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

T = TypeVar("T")


class ContentError(Invalid):
    """The shipped content is wrong; the message holds one ``file:line: text`` a line."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class Source:
    """A parsed file: its plain data, and the nodes that know their lines."""

    path: Path
    name: str
    data: Any
    root: yaml.Node | None

    def line(self, location: Sequence[str | int] = ()) -> int:
        """The line (from 1) of the innermost node that ``location`` reaches."""
        node, line = self.root, 1
        if node is None:
            return line
        line = node.start_mark.line + 1
        for step in location:
            found = _child(node, step)
            if found is None:
                break
            node, line = found
        return line

    def problem(self, location: Sequence[str | int], message: str) -> str:
        """``file:line: message``."""
        return f"{self.name}:{self.line(location)}: {message}"


def _child(node: yaml.Node, step: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line + 1
    return None


def _repeated_keys(node: yaml.Node | None) -> Iterable[tuple[int, str]]:
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.start_mark.line + 1, str(key.value)
            seen.add(key.value)
            yield from _repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _repeated_keys(value)


def read(path: Path, root: Path | None = None) -> Source:
    """Parse one file. ContentError when it is no YAML or says a key twice."""
    name = path.relative_to(root).as_posix() if root else path.name
    return parse(path.read_text("utf-8"), name, path)


def parse(text: str, name: str, path: Path | None = None) -> Source:
    """Parse a text that is called ``name``. ContentError when it is no YAML or says a key twice."""
    # Made within the block: it looks for characters that YAML does not take.
    loader = None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        data = loader.construct_document(node) if node is not None else None
        repeated = [f"{name}:{line}: the key {key!r} is given twice" for line, key in _repeated_keys(node)]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentError([f"{name}:{line}: not readable as YAML: {error.problem}"]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ContentError([f"{name}:1: not readable as YAML: {str(error).splitlines()[0][:120]}"]) from error
    finally:
        if loader is not None:
            loader.dispose()
    if repeated:
        raise ContentError(repeated)
    return Source(path or Path(name), name, data, node)


def validate(source: Source, kind: type[T]) -> T:
    """The file's data as ``kind``. ContentError with every fault and its line."""
    try:
        return TypeAdapter(kind).validate_python(source.data)
    except ValidationError as error:
        raise ContentError(explain(source, error)) from error


def explain(source: Source, error: ValidationError, within: tuple[str | int, ...] = ()) -> list[str]:
    """One ``file:line: where: what`` for each fault that pydantic found."""
    problems = []
    for fault in error.errors(include_url=False):
        where = (*within, *fault["loc"])
        place = ".".join(str(step) for step in fault["loc"])
        problems.append(source.problem(where, f"{place}: {fault['msg']}"))
    return problems
