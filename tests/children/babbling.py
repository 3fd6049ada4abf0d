"""Answers with what is no JSON at all."""

from tests.children.asking import answer

answer(b"\xff\xfe nonsense")
