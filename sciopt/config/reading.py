"""YAML as plain values: bounded in time and memory, no surprises, every key with its line.

Only mappings, lists and the scalars of YAML 1.2's core schema are read. YAML 1.1, PyYAML's
default, makes `no` false, `1:30` ninety, `0100` sixty-four and `1e-3` a string; here they are
text, text, one hundred and a thousandth. Aliases are refused, so nothing can expand ("billion
laughs"), and nesting and size are limited before the parser can be made to work hard.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sciopt.errors import ConfigError

Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]
KeyPath = tuple[str, ...]

MAX_BYTES = 64 * 1024  # ten times the longest config that makes sense; read in under a second
MAX_DEPTH = 20

_TAG = "tag:yaml.org,2002:"
_SCALARS = {
    "null": r"~|null|Null|NULL|",
    "bool": r"true|True|TRUE|false|False|FALSE",
    "int": r"[-+]?[0-9]+(_[0-9]+)*|0x[0-9a-fA-F]+|0o[0-7]+",
    "float": r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
}
_MENDS = {
    "mapping values are not allowed here": "there is a second colon in the line; "
    "put the value in quotes",
    "could not find expected ':'": "a key without its colon; write `key: value`",
    "found unexpected end of stream": "a quotation mark is not closed",
    "but found another document": "a second document begins here; keep one in a file",
}


@dataclass(frozen=True)
class Document:
    """The values of a YAML mapping and the line (counted from 1) of each key, nested ones too."""

    values: dict[str, Value]
    lines: dict[KeyPath, int] = field(default_factory=dict)


def read_mapping(path: Path) -> Document:
    """Read a YAML file whose top level is a mapping.

    Raises: ConfigError, with file and line, if it is missing, too large, not UTF-8, not YAML,
    empty, not a mapping, or names a key twice.
    """
    text = _read_text(path)
    lines: dict[KeyPath, int] = {}
    values = _parse(text, str(path), lines)
    if values is None:
        raise ConfigError(f"{path}: the file is empty; write lines like `key: value`, or drop it")
    if not isinstance(values, dict):
        kind = "a list" if isinstance(values, list) else "a single value"
        raise ConfigError(f"{path}: expected lines like `key: value`, but the file holds {kind}")
    return Document(values, lines)


def read_value(text: str, where: str) -> Value:
    """Read one YAML value, such as `64`, `1e-3` or `[64, 96]`, given on the command line.

    Raises: ConfigError that begins with `where`.
    """
    return _parse(text, where, {})


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{path}: cannot read this config ({error.strerror})") from error
    if len(content) > MAX_BYTES:
        raise ConfigError(f"{path}: larger than {MAX_BYTES // 1024} KB; is it a config file?")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{path}: not UTF-8 text (byte {error.start + 1}); save the file as UTF-8"
        ) from error


class _Composer(yaml.SafeLoader):
    """PyYAML up to the tree of nodes, which `_build` turns into values; nothing is constructed."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent):
            raise _refusal(f"alias *{event.anchor} is not allowed; write out the value", event)
        if self.depth >= MAX_DEPTH:
            raise _refusal(f"nested more than {MAX_DEPTH} levels deep", event)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


_Composer.yaml_implicit_resolvers = {}  # YAML 1.1's go, YAML 1.2's come
for _name, _pattern in _SCALARS.items():
    _Composer.add_implicit_resolver(_TAG + _name, re.compile(f"(?:{_pattern})$"), None)


def _refusal(problem: str, at: yaml.Node | yaml.Event) -> yaml.MarkedYAMLError:
    mark: Any = at.start_mark
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


def _bad_tag(node: yaml.Node) -> yaml.MarkedYAMLError:
    tag = node.tag.replace(_TAG, "!!")
    return _refusal(f"the tag {tag} is not allowed in a config; leave it out", node)


def _parse(text: str, where: str, lines: dict[KeyPath, int]) -> Value:
    try:
        # The reader scans for characters that YAML forbids as soon as it is made.
        composer = _Composer(text)
        node = composer.get_single_node()
        return None if node is None else _build(node, (), lines)
    except yaml.YAMLError as error:
        line, problem = _explain(error, text)
        place = where if where.startswith("--") else f"{where}:{line}"
        raise ConfigError(f"{place}: {problem}") from error


def _explain(error: yaml.YAMLError, text: str) -> tuple[int, str]:
    """The line and the problem, with its mend where YAML's own words give none."""
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return line, f"the character U+{ord(text[error.position]):04X} is not allowed in YAML"
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    if mark is None:
        return 1, problem
    if text[mark.index : mark.index + 1] == "\t":
        return mark.line + 1, "a tab; YAML is indented and spaced with spaces only"
    if problem.startswith("expected") and "block mapping start" in problem:
        return mark.line + 1, "indented differently from the line above"
    return mark.line + 1, _MENDS.get(problem, problem)


def _build(node: yaml.Node, path: KeyPath, lines: dict[KeyPath, int]) -> Value:
    if isinstance(node, yaml.MappingNode) and node.tag == _TAG + "map":
        return {key: _build(value, (*path, key), lines) for key, value in _items(node, path, lines)}
    if isinstance(node, yaml.SequenceNode) and node.tag == _TAG + "seq":
        return [_build(item, path, lines) for item in node.value]
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    raise _bad_tag(node)


def _items(
    node: yaml.MappingNode, path: KeyPath, lines: dict[KeyPath, int]
) -> list[tuple[str, yaml.Node]]:
    items: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _refusal("a key must be a word", key)
        place = (*path, key.value)
        if key.value in items:
            raise _refusal(f"{key.value}: given twice, first in line {lines[place]}", key)
        items[key.value] = value
        lines[place] = key.start_mark.line + 1
    return list(items.items())


def _scalar(node: yaml.ScalarNode) -> Value:
    kind, text = node.tag.removeprefix(_TAG), node.value
    try:
        if kind == "str":
            return str(text)
        if kind == "null":
            return None
        if kind == "bool":
            return bool(text.lower() == "true")
        if kind == "int":
            return int(text, 0 if text[:2] in ("0x", "0o") else 10)
        if kind == "float":
            # YAML writes .inf and .nan where Python writes inf and nan.
            return float(re.sub(r"\.(?=[iInN])", "", text))
    except ValueError as error:
        raise _refusal(f"{text[:40]} cannot be read as a number", node) from error
    raise _bad_tag(node)
