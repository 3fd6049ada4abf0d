"""The command line: the whole pipeline from a terminal."""

from local.cli.app import main

__all__ = ["main"]
