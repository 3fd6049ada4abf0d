"""Answers in the wrong form."""

from tests.children.asking import answer

answer(b'{"source": {"container": "mp4", "width": -1}}')
