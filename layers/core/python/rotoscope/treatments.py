"""Sentences about how a source that is not a plain video was treated, for the receipt."""

from collections.abc import Iterator

from rotoscope.contracts import Budget, JobPlan
from rotoscope.deliverables import deliverables, drawing_size, loops, result_size
from rotoscope.ports import KEEPS_ALPHA

HDR = {"smpte2084": "PQ", "arib-std-b67": "HLG"}


def treated(plan: JobPlan, budget: Budget) -> list[str]:
    """What a person would want to know of the result, and could not see from the settings."""
    return [*_time(plan, budget), *_picture(plan), *_transparency(plan), *_size(plan)]


def _time(plan: JobPlan, budget: Budget) -> Iterator[str]:
    output, source = plan.settings.output, plan.source
    if (lost := _following_time(plan)) and output.fps is not None:
        yield f"{lost} dropped because output.fps changes the duration."
    elif lost and loops(plan):
        yield f"{lost} dropped because the result also plays backwards."
    if source.container == "zip" and output.fps is None:
        yield f"A zip of pictures has no rate: it plays at {source.average_rate} pictures a second (output.fps)."
    if source.frame_rate is None and output.fps is None and budget.source_frames > 1:
        yield "The source's frame rate varies; every frame keeps its own time."


def _following_time(plan: JobPlan) -> str:
    """What of the source only fits a result of its own time, and was or were ..."""
    source, kept = plan.source, plan.settings.output.audio == "keep"
    there = {"sound": source.audio and kept, "subtitles": source.subtitles, "chapters": source.chapters}
    names = [name for name, some in there.items() if some]
    return f"{_listed(names).capitalize()} {'was' if names == ['sound'] else 'were'}" if names else ""


def _picture(plan: JobPlan) -> Iterator[str]:
    source = plan.source
    if source.interlaced:
        yield "The source is interlaced; it was deinterlaced once."
    if (transfer := HDR.get(source.color_transfer or "")) is not None:
        yield f"The source is HDR ({transfer}); it was tone-mapped to BT.709, which every screen shows."
    stored = [f"turned by {source.rotation} degrees"] if source.rotation else []
    stored += ["mirrored"] if source.mirrored else []
    if stored:
        yield f"The source is stored {' and '.join(stored)}; the result is upright."
    if source.sample_aspect != 1:
        aspect = f"{source.sample_aspect.numerator}:{source.sample_aspect.denominator}"
        yield (
            f"The source's pixels are not square ({aspect}): its {source.coded_width}x{source.coded_height} are shown "
            f"as {source.width}x{source.height}, and so is the result."
        )


def _transparency(plan: JobPlan) -> Iterator[str]:
    if not plan.source.alpha:
        return
    files = {each.file_name(plan.job.name): each.form in KEEPS_ALPHA for each in deliverables(plan)}
    clear, flat = ([name for name, keeps in files.items() if keeps is wanted] for wanted in (True, False))
    if clear:
        yield f"Transparency is kept in {_listed(clear)}."
    if flat:
        yield f"In {_listed(flat)} what is transparent shows {plan.settings.output.background} (output.background)."


def _listed(names: list[str]) -> str:
    return " and ".join([*([", ".join(names[:-1])] if names[1:] else []), names[-1]])


def _size(plan: JobPlan) -> Iterator[str]:
    drawn, (width, height) = drawing_size(plan), result_size(plan)
    reduced = drawn != (plan.source.width, plan.source.height)
    if reduced and width * height > drawn[0] * drawn[1]:
        yield f"Drawn at {drawn[0]}x{drawn[1]} and enlarged to {width}x{height}."
    if {"mp4", "hevc"}.intersection(plan.settings.output.formats) and (width % 2 or height % 2):
        yield f"MP4 cannot hold the odd size {width}x{height}; its last column or line was repeated once."
