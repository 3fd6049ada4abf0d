"""Sentences about how a source that is not a plain video was treated, for the receipt."""

from collections.abc import Iterator

from rotoscope.contracts import Budget, JobPlan
from rotoscope.deliverables import deliverables, drawing_size, loops, result_size
from rotoscope.ports import KEEPS_ALPHA
from rotoscope.wear import STANDING_IN
from rotoscope.wording import counted, listed

HDR = {"smpte2084": "PQ", "arib-std-b67": "HLG"}
PADDED = {"mp4": "MP4", "hevc": "HEVC", "prores": "ProRes"}
"""Formats whose pictures have even sides, as people call them."""

BITS = 8
"""Of a colour, of pictures as they are drawn."""


def treated(plan: JobPlan, budget: Budget) -> list[str]:
    """What a person would want to know of the result, and could not see from the settings."""
    return [*_damage(plan, budget), *_time(plan, budget), *_picture(plan), *_transparency(plan), *_size(plan)]


def _time(plan: JobPlan, budget: Budget) -> Iterator[str]:
    output, source = plan.settings.output, plan.source
    if (lost := _following_time(plan)) and output.fps is not None:
        yield f"{lost} dropped because output.fps changes the duration."
    elif lost and loops(plan):
        yield f"{lost} dropped because the result also plays backwards."
    if source.container == "zip" and output.fps is None:
        yield f"A zip of pictures has no rate: it plays at {source.average_rate} pictures a second (output.fps)."
    if source.frame_rate is None and output.fps is None and budget.source_frames > 1 and not budget.steady:
        yield "The source's frame rate varies; every frame keeps its own time."


def _damage(plan: JobPlan, budget: Budget) -> Iterator[str]:
    """Measures of the result say nothing of it: what is well drawn may be drawn from broken pictures."""
    damaged, smeared, missing = budget.damaged, budget.smeared, budget.missing
    if plan.source.container in STANDING_IN and damaged:
        yield f"{counted(damaged, 'picture')} of the file {_is(damaged)} damaged; the one before is shown instead."
        return
    found = [f"about {counted(damaged, 'picture')} {_is(damaged)} broken"] if damaged else []
    more = f"{smeared} that build on {'it' if damaged == 1 else 'them'}"
    others = more if damaged else f"{counted(smeared, 'picture')} that build on broken ones"
    found += [f"up to {others} may be smeared"] if smeared else []
    found += [f"about {counted(missing, 'picture')} {_is(missing)} missing"] if missing else []
    if found:
        gaps = ": the picture before a gap stays on for longer" if missing else ""
        yield f"The file is damaged: {listed(found)}. The result is drawn from what could be decoded{gaps}."


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _following_time(plan: JobPlan) -> str:
    """What of the source only fits a result of its own time, and was or were ..."""
    source, kept = plan.source, plan.settings.output.audio == "keep"
    there = {"sound": source.audio and kept, "subtitles": source.subtitles, "chapters": source.chapters}
    names = [name for name, some in there.items() if some]
    return f"{_listed(names).capitalize()} {'was' if names == ['sound'] else 'were'}" if names else ""


def _picture(plan: JobPlan) -> Iterator[str]:
    source = plan.source
    if source.videos > 1:
        yield f"The source holds {source.videos} video tracks; the first was taken."
    if source.interlaced:
        yield "The source is interlaced; it was deinterlaced once."
    if (transfer := HDR.get(source.color_transfer or "")) is not None:
        yield f"The source is HDR ({transfer}); it was tone-mapped to BT.709, which every screen shows."
    elif source.bits > BITS:
        yield f"The source has {source.bits} bits a colour; pictures are drawn in {BITS}, and so is the result."
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
    if source.other_sizes:
        others = _listed([f"{width}x{height}" for width, height in source.other_sizes])
        yield (
            f"The picture's size changes on the way ({others} after {source.width}x{source.height}): all is fitted "
            "into the first one's size, with borders where its shape is another."
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
    padded = [PADDED[form] for form in dict.fromkeys(plan.settings.output.formats) if _is_padded(form, plan)]
    if padded and (width % 2 or height % 2):
        yield f"{_listed(padded)} cannot hold the odd size {width}x{height}; the last column or line was repeated once."


def _is_padded(form: str, plan: JobPlan) -> bool:
    """ProRes that holds transparency can have any size."""
    return form in PADDED and not (form == "prores" and plan.source.alpha)
