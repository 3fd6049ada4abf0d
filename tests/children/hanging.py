"""Asks once and never again."""

import signal

from tests.children.asking import ask

ask()
signal.pause()
