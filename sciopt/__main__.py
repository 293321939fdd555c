"""`python -m sciopt`, the command where its script is not on the path."""

from sciopt.cli import main

main(prog_name="sciopt")
