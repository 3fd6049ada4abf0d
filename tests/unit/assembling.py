"""What AssembleVideo finds when the segments are done, on fakes alone."""

import json

from rotoscope import layout, pictures
from rotoscope.contracts import AssembleVideoInput, Budget, Listing
from rotoscope.deliverables import deliverables, look, way_back
from tests.builders import TICKS, a_picture
from tests.unit.samples import a_sample, measured
from tests.unit.sheets import a_sheet
from tests.worlds import planned

MAPS = ("AnalyzeSegments", "ExtractFrames", "StylizeFrames", "RenderSegments")


def rendered(plan, *segments, filled=(), lost=0, keys=None, poster=True, own=(), **instead):
    """A world whose parts lie ready, each segment with these frame indices, and AssembleVideo's input."""
    services = planned(plan, **instead)
    services.inbox.put(plan.video_key, b"the source")
    indices = [index for segment in segments for index in segment]
    keys = indices if keys is None else keys
    bounds = tuple(plan.source.start_pts + index * TICKS for index in (indices[0], indices[-1]))
    for number, segment in enumerate(segments):
        here = number if len(indices) // 3 in segment else None
        came = [key for key in keys if key not in {each.index for each in filled}]
        sheet = _sheet(plan, number, list(segment), came, here if poster else None, own)
        sheet = sheet.model_copy(update={"bounds": bounds})
        _render(plan, sheet, lost, services)
    for index in own:
        services.studio.write(layout.own_key(plan.job.id, index, "mine"), pictures.to_jpeg(a_picture(seed=index + 50)))
    for index in {*indices, *keys}:
        still = layout.source_frame(plan.job.id, plan.source.start_pts + index * TICKS)
        services.studio.write(still, pictures.to_jpeg(a_picture(seed=index + 99)))
        services.studio.write(layout.styled_frame(plan.job.id, index), pictures.to_jpeg(a_picture(seed=index)))
    services.documents.save_list(layout.filled(plan.job.id), filled)
    services.documents.save(layout.budget(plan.job.id), a_budget(plan, len(indices), len(keys)))
    services.clock.now += 120
    entered = {name: {"at": f"2026-11-20T12:00:{10 * place:02}Z"} for place, name in enumerate(("PlanJob", *MAPS))}
    return services, AssembleVideoInput(
        job=plan.job,
        segments=Listing(key=layout.segments(plan.job.id), count=len(segments)),
        entered=entered,
        reviewed="2026-11-20T12:01:00Z",
        now="2026-11-20T12:01:30Z",
    )


def _sheet(plan, number, segment, keys, poster, own):
    mine = [key for key in keys if key in segment]
    pictures_of = {index: layout.own_key(plan.job.id, index, "mine") for index in own}
    first = None if poster is None else segment[0]
    sheet = a_sheet(segment, keys=mine, segment=number, poster=first, own=pictures_of)
    return shifted(sheet, plan.source.start_pts)


def _render(plan, sheet, lost, services):
    """What RenderSegment leaves behind."""
    job, number, made_as = plan.job.id, sheet.segment, look(plan, sheet)
    services.documents.save(layout.sheet(job, number), sheet)
    if not sheet.frames or not deliverables(plan):
        return
    for each in deliverables(plan):
        services.studio.write(layout.part(job, made_as, number, each.name), _part(sheet.frames[lost:]))
        if each.plays and (back := way_back(plan, sheet)):
            services.studio.write(layout.part(job, made_as, number, each.back_name), _part(back))
    keys = dict.fromkeys((key.index for key in sheet.keys), 10.0)
    found = measured(a_sample(sheet.frames[0].index), keys=keys, segment=number)
    services.documents.save(layout.quality(job, made_as, number), found)
    if sheet.poster is not None:
        services.studio.write(layout.poster(job, made_as, number), pictures.to_jpeg(a_picture(seed=50)))


def _part(frames):
    return json.dumps([{"shape": [36, 64, 3], "mean": [frame.index] * 3} for frame in frames]).encode()


def shifted(sheet, start_pts):
    """The sheet of a source whose clock does not begin at 0."""
    frames = [frame.model_copy(update={"pts": frame.pts + start_pts}) for frame in sheet.frames]
    return sheet.model_copy(update={"frames": frames})


def a_budget(plan, frames, keys):
    return Budget(
        entered="2026-11-20T12:00:20Z",
        source_frames=plan.source.frame_count,
        frames=frames,
        duplicates=0,
        shots=1,
        keys=keys,
        estimated_usd=0.7,
        estimated_minutes=0.5,
        last_duration=TICKS,
    )


def result(services, plan, file):
    return services.studio.read(layout.result(plan.job.name, plan.job.id, file))


def receipt_of(services, plan):
    return json.loads(result(services, plan, "receipt.json"))
