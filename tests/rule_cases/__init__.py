"""Cases for every rule of the registry, by family: each module beside this one has its `CASES`.

`tests/autodiff/test_rule_table.py` runs all its checks over them.
"""

from importlib import import_module
from pkgutil import iter_modules

from .table import Case

CASES: list[Case] = [
    case
    for module in sorted(found.name for found in iter_modules(__path__))
    if module != "table"
    for case in import_module(f"{__name__}.{module}").CASES
]
