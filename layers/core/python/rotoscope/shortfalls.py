"""Results that could not be made, and what their owner can do: what is finished is handed over without them."""

from collections.abc import Sequence
from dataclasses import dataclass

from rotoscope import layout
from rotoscope.complaints import last_line, plain_words
from rotoscope.contracts import JobPlan
from rotoscope.deliverables import Deliverable
from rotoscope.errors import JobError, MediaToolFailed, ResultTooLarge
from rotoscope.services import Services


@dataclass(frozen=True)
class Shortfall:
    """A deliverable and why it was left out."""

    missing: Deliverable
    problem: JobError | MediaToolFailed

    @property
    def may_come(self) -> bool:
        """Whether the job taken up again may bring it: what is too large stays so."""
        return not isinstance(self.problem, ResultTooLarge)

    def note(self, plan: JobPlan) -> str:
        """For the receipt and the mail."""
        if not self.may_come:
            return str(self.problem)
        name, again = self.missing.file_name(plan.job.name), f"rotoscope redrive {plan.job.id}"
        if isinstance(self.problem, JobError):
            said = " ".join(str(self.problem).split())
            return f"{name} was not made. {said} Nothing is paid for twice: {again}"
        complaint = str(self.problem)
        why = " ".join(filter(None, [plain_words(complaint), f"({last_line(complaint)})"]))
        kept = f"The parts are kept; to join them again: {again}"
        return f"{name} was not made: its parts could not be joined. {why} {kept}"


def refuse_empty_hands(plan: JobPlan, shortfalls: Sequence[Shortfall]) -> None:
    """Raises the problem of a job of which nothing else can be handed over: the uploader's before the tool's."""
    problems = [each.problem for each in shortfalls]
    if problems and "keys" not in plan.settings.output.formats:
        first: JobError | MediaToolFailed = next((each for each in problems if isinstance(each, JobError)), problems[0])
        raise first


def keep_complaints(plan: JobPlan, shortfalls: Sequence[Shortfall], services: Services) -> None:
    """Writes the tool's own words in full, for the operator."""
    for each in shortfalls:
        if isinstance(each.problem, MediaToolFailed):
            place = layout.trouble(plan.job.id, f"assemble_video-{each.missing.name}")
            services.studio.write(place, str(each.problem).encode(), "text/plain")
