"""Recordings: what a function does to arrays, as a list of operations that can be run again."""

from .operations import Constant, Operation, Recording
from .placeholders import RecordingError
from .recording import record

__all__ = ["Constant", "Operation", "Recording", "RecordingError", "record"]
