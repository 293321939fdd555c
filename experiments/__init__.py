"""Experiments: what the README and the issues claim, as programs to run."""
