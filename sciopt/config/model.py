"""The base class of all settings: frozen, strict, no unknown keys.

A field says everything about itself, once::

    steps: int = Field(100, ge=1, description="time steps", json_schema_extra={"unit": "steps"})

`description` ends error messages and heads the commented YAML; in `json_schema_extra`, "unit" is
the unit of a quantity, "file": True marks text that may name a file, and "folder": True text that
names a folder; a relative path then counts from the place where it was written. "shorthand" names
the key of a mapping that may be written alone in its place, "items" that of each mapping in a free
one. "preset" marks text that names other settings to begin with: a shipped config of that app, or a
file.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo


class Config(BaseModel):
    """Settings of one app: immutable, comparable, every value within its bounds."""

    shorthand: ClassVar[str] = ""
    """What may be written instead of these settings where a validator takes it: "a number"."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, validate_default=True
    )


def marks(field: FieldInfo) -> dict[str, Any]:
    """The "unit", "file" and "folder" marks of a field; empty if it has none."""
    extra = field.json_schema_extra
    return dict(extra) if isinstance(extra, dict) else {}
