"""A config printed as YAML that explains itself and loads back to the same config."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_args, get_origin

import yaml
from pydantic.fields import FieldInfo

from sciopt.config.model import Config, marks
from sciopt.config.wording import config_class, item_type


def commented_yaml(config: Config | type[Config]) -> str:
    """YAML of a config, or of a config class's defaults, each setting below its explanation.

    The explanation gives the description, the unit, the bounds or choices, and the default.
    """
    title = (type(config) if isinstance(config, Config) else config).__doc__ or ""
    parts = [_comment(title.strip().split("\n")[0])] if title.strip() else []
    return "\n\n".join([*parts, *_settings(config)]) + "\n"


def _settings(config: Config | type[Config]) -> Iterator[str]:
    model = type(config) if isinstance(config, Config) else config
    yield from _inline_settings(model)
    for name, field in model.model_fields.items():
        default = field.get_default(call_default_factory=True)
        value = getattr(config, name) if isinstance(config, Config) else default
        if field.is_required() and not isinstance(config, Config):
            yield f"{_explanation(field)}\n# {name}:"
        elif isinstance(value, Config) and _is_section(field):
            inner = textwrap.indent("\n\n".join(_settings(value)), "  ")
            yield f"{_explanation(field)}\n{name}:\n{inner}"
        else:
            yield f"{_explanation(field)}\n{name}: {_flow(value)}"


def _is_section(field: FieldInfo) -> bool:
    """Whether a setting is a mapping and nothing else, so that its keys get lines of their own."""
    return isinstance(field.annotation, type) and not field.metadata


def _inline_settings(model: type[Config]) -> Iterator[str]:
    """What can be written in the mappings that stand on one line, once for all of a kind."""
    inline: dict[type[Config], list[str]] = {}
    for name, field in model.model_fields.items():
        settings = config_class(item_type(field.annotation))
        if settings is not None and not _is_section(field):
            inline.setdefault(settings, []).append(name)
    for settings, names in inline.items():
        title = (settings.__doc__ or "").strip().split("\n")[0]
        where = ", ".join(names) if len(names) < 3 else "these settings"
        lines = [_comment(f"{{...}} of {where}: {title[:1].lower()}{title[1:]}")]
        for key, field in settings.model_fields.items():
            explained = "; ".join(_explained(field))
            lines.append(
                textwrap.fill(
                    f"{key}: {explained}", 96, initial_indent="#   ", subsequent_indent="#     "
                )
            )
        yield "\n".join(lines)


def _explanation(field: FieldInfo) -> str:
    """Two comments: what the setting is; its bounds and unit, or its choices, and the default."""
    description, *facts = _explained(field)
    is_word = description[1:2].isalpha()  # and not the name of a quantity
    first = description[:1].upper() if is_word else description[:1]
    return "\n".join(_comment(line) for line in (first + description[1:], *facts) if line)


def _explained(field: FieldInfo) -> list[str]:
    """The description, and in one text bounds and unit, or choices, and the default."""
    quantity = " ".join(filter(None, [_bounds(field), marks(field).get("unit")]))
    default = "required"
    if not field.is_required():
        value = field.get_default(call_default_factory=True)
        is_section = isinstance(value, Config) and _is_section(field)
        default = "" if is_section or value is None else f"default {_flow(value)}"
    facts = "; ".join(filter(None, [quantity, _choices(field.annotation), default]))
    return [field.description or "", *([facts] if facts else [])]


def _comment(text: str) -> str:
    return textwrap.fill(text, 96, initial_indent="# ", subsequent_indent="# ")


def _bounds(field: FieldInfo) -> str | None:
    """ "1 to 100", "at least 1", "more than 0"; of the parts, if the setting has parts."""
    found = {
        name: getattr(mark, name)
        for mark in _metadata(field.annotation, field.metadata)
        for name in ("ge", "gt", "le", "lt")
        if getattr(mark, name, None) is not None
    }
    low = f"at least {found['ge']}" if "ge" in found else None
    low = f"more than {found['gt']}" if "gt" in found else low
    high = f"at most {found['le']}" if "le" in found else None
    high = f"less than {found['lt']}" if "lt" in found else high
    if "ge" in found and "le" in found:
        return f"{found['ge']} to {found['le']}"
    return ", ".join(bound for bound in (low, high) if bound) or None


def _metadata(annotation: Any, outer: list[Any]) -> Iterator[Any]:
    """The constraints on a type and on its parts, `Field(...)` inside `Annotated` opened."""
    for mark in outer:
        yield from mark.metadata if isinstance(mark, FieldInfo) else [mark]
    arguments = get_args(annotation)
    if get_origin(annotation) is Annotated:
        yield from _metadata(arguments[0], list(arguments[1:]))
    elif get_origin(annotation) is not Literal:
        for argument in arguments:
            yield from _metadata(argument, [])


def _choices(annotation: Any) -> str | None:
    if get_origin(annotation) is not Literal:
        return None
    choices = get_args(annotation)
    return ("one of " if len(choices) > 1 else "only ") + ", ".join(map(str, choices))


def _flow(value: Any) -> str:
    """A value on one line, such that our reading of YAML gives back the same value."""
    if isinstance(value, Config):
        return _flow(value.model_dump(exclude_defaults=True))
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return repr(value)


def _text(value: str) -> str:
    # Words stay bare for the reader's sake; YAML's own quoting knows every other character.
    reserved = ("null", "true", "false", "yes", "no", "on", "off")
    bare = value.replace("-", "a").replace("_", "a")
    if bare.isascii() and bare.isalnum() and value[:1].isalpha() and value.lower() not in reserved:
        return value
    quoted = yaml.safe_dump(value, default_style='"', allow_unicode=True, width=float("inf"))
    return str(quoted).strip()
