"""The decorators of the kernels beside this file, which use the vectors of the others."""

from pathlib import Path

from sciopt.kernel_cache import kernels_in

_HERE = Path(__file__).parent
kernel = kernels_in(_HERE, _HERE.parent / "kernels")
part = kernels_in(_HERE, _HERE.parent / "kernels", inline=True)
"""Of a kernel that is called for each row, or each vector."""
