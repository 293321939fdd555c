"""The examples: from scikit-learn or a file to three disjoint, scaled parts.

- `source` says what a source hands over and finds it by name; `builtin` (scikit-learn), `mnist`,
  `idx`, `npz` and `table` (CSV) read one kind each.
- `targets` turns what was read into class numbers or regression targets.
- `splits` chooses who is in which part, `scaling` fits and applies, `corruption` replaces labels.
- `dataset` joins these into `load_data`; `fetch` downloads MNIST.
"""

from .dataset import Dataset, Split, load_data

__all__ = ["Dataset", "Split", "load_data"]
