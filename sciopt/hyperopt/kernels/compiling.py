"""The decorator of the kernels beside this file."""

from pathlib import Path

from sciopt.kernel_cache import kernels_in

kernel = kernels_in(Path(__file__).parent)
