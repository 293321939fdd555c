"""Peers side by side: time and memory, in one run, on equal results."""
