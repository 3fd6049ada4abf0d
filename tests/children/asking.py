"""What every bad child does first: it asks for bytes, so that its parent knows that it has begun."""

import sys

from rotoscope.adapters.probing_child import ANSWER, ASK


def ask(offset: int = 0, count: int = 16) -> None:
    sys.stdout.buffer.write(ASK.pack(offset, count))
    sys.stdout.buffer.flush()


def answer(text: bytes) -> None:
    sys.stdout.buffer.write(ASK.pack(ANSWER, len(text)) + text)
    sys.stdout.buffer.flush()
