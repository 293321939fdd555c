"""What the options of several commands have in common."""

from __future__ import annotations

from typing import Any

import click


def number(ctx: click.Context, parameter: click.Parameter, text: str | None) -> Any:
    """A number where the text is one; anything else is for the config to refuse, with the rest."""
    for kind in (int, float):
        try:
            return None if text is None else kind(text)
        except ValueError:
            continue
    return text
