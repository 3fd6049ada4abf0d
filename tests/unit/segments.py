"""What RenderSegment finds, on fakes alone, and what it leaves behind."""

import json

import numpy as np

from rotoscope import layout, pictures
from rotoscope.contracts import Segment, SegmentTask
from rotoscope.deliverables import drawing_size, look
from tests.builders import TICKS, a_picture, a_plan
from tests.worlds import planned

SEGMENT = Segment(index=0, start_pts=0, end_pts=10 * TICKS, seeks=[0])
ALL = {"keys": "all"}
OFF = {"deflicker": "off"}


def a_key(index, width=64, height=36):
    """A picture that no other frame's key resembles: one grey."""
    return np.full((height, width, 3), 20 + 15 * index, np.uint8)


def a_segment(sheet, plan=None, drawn=a_key, **instead):
    """A world with a sheet and its keys' sources and pictures; the task."""
    plan = plan or a_plan(frames=ALL, motion=OFF)
    services = planned(plan, **instead)
    job, size = plan.job.id, drawing_size(plan)
    services.documents.save(layout.sheet(job, 0), sheet)
    for key in (*sheet.keys, *sheet.anchors.values()):
        services.studio.write(layout.source_frame(job, key.pts), pictures.to_jpeg(a_picture(*size, key.index)))
        services.studio.write(key.own or layout.styled_frame(job, key.index), pictures.to_jpeg(drawn(key.index)))
    return services, SegmentTask(job=plan.job, segment=SEGMENT)


def made(services, task, name="video.mp4"):
    """The key of a file that the segment comes to."""
    plan, sheet = services.documents.plan(task.job.id), services.documents.sheet(task.job.id, 0)
    return layout.part(task.job.id, look(plan, sheet), 0, name)


def part(services, task, name="video.mp4"):
    """The pictures of one part as FakeWriter wrote them."""
    return json.loads(services.studio.read(made(services, task, name)))


def greys(pictures_of_part):
    return [round(picture["mean"][0]) for picture in pictures_of_part]
