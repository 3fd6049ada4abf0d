"""What ends a command early."""


class WrongUse(Exception):
    """The command cannot be carried out as it was given; the message is one sentence that says what to do. Exit 2."""


class JobFailed(Exception):
    """The job ended without a result; the message is the sentence for the uploader. Exit 1."""
