"""SciPy's special functions as primitives, under SciPy's names; their rules are beside this."""

from __future__ import annotations

from typing import Any

import scipy.special

from ...numpy.wrapper import wrap_namespace

wrapped_special: dict[str, Any] = {}
wrap_namespace(scipy.special, wrapped_special)
