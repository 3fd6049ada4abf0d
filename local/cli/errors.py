"""What ends a command early."""

from typing import Any


class WrongUse(Exception):
    """The command cannot be carried out as it was given; the message is one sentence that says what to do. Exit 2."""


class JobFailed(Exception):
    """The job ended without a result; the message is the sentence for the uploader. Exit 1.

    `document` is what --json prints of it.
    """

    def __init__(self, sentence: str, /, **document: Any) -> None:
        super().__init__(sentence)
        self.document = document
