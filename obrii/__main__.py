"""`python -m obrii` is the command line."""

from obrii.cli import main

main()
