"""ExtractSegment: exactly the chosen frames, each once, and nothing twice."""

import numpy as np
import pytest

from rotoscope import layout, pictures
from rotoscope.contracts import Segment, SegmentTask
from rotoscope.errors import JobStopped, MediaToolFailed, UnreadableVideo
from rotoscope.extraction import extract_segment
from tests.builders import TICKS, a_picture, a_plan, a_source
from tests.unit.sheets import a_sheet
from tests.worlds import FakeReader, planned

SEGMENT = Segment(index=0, start_pts=0, end_pts=10 * TICKS, seeks=[0])


def a_segment(chosen, plan=None, **instead):
    """A world whose sheet chooses these frames, and the segment's task."""
    plan = plan or a_plan()
    services = planned(plan, **instead)
    services.documents.save(layout.sheet(plan.job.id, 0), a_sheet(keys=chosen))
    return services, SegmentTask(job=plan.job, segment=SEGMENT)


def test_exactly_the_chosen_frames_are_written():
    services, task = a_segment([2, 7])

    extracted = extract_segment(task, services)

    brought = list(services.studio.list("jobs/" + task.job.id + "/frames/"))
    assert extracted.frames == 2
    assert brought == [layout.source_frame(task.job.id, index * TICKS) for index in (2, 7)]
    frame = pictures.from_bytes(services.studio.read(brought[1])).astype(int)
    assert np.abs(frame - a_picture(seed=7)).max() < 12


def test_what_is_there_already_is_not_decoded_again():
    services, task = a_segment([2, 7])
    services.studio.write(layout.source_frame(task.job.id, 2 * TICKS), b"kept")

    extract_segment(task, services)
    extract_segment(task, services)

    assert services.reader.decoded == 1
    assert services.studio.read(layout.source_frame(task.job.id, 2 * TICKS)) == b"kept"


def test_a_still_that_cannot_be_written_is_an_error():
    services, task = a_segment([2, 7])

    def refuse(key, body, content_type):
        raise OSError("The store is full.")

    services.studio.write = refuse

    with pytest.raises(OSError, match=r"The store is full"):
        extract_segment(task, services)


def test_a_picture_too_large_to_be_drawn_as_it_is_is_brought_smaller():
    services, task = a_segment([2], plan=a_plan(source=a_source(width=7680, height=4320)))

    extract_segment(task, services)

    frame = pictures.from_bytes(services.studio.read(layout.source_frame(task.job.id, 2 * TICKS)))
    assert frame.shape == (1440, 2560, 3)


def test_a_segment_with_nothing_chosen_opens_nothing():
    services, task = a_segment([])

    assert extract_segment(task, services).frames == 0
    assert services.reader.decoded == 0


def test_a_frame_that_does_not_come_out_is_missed_and_the_tools_words_are_kept():
    services, task = a_segment([2, 7], reader=FakeReader(lost={7}))

    with pytest.raises(MediaToolFailed, match=r"1 of 2 frames came out of segment 0"):
        extract_segment(task, services)

    assert services.documents.trouble(task.job.id, "extract_segment-000000") == "1 of 2 frames came out of segment 0."
    assert services.claims.stopped(task.job.id) is None


def test_a_stopped_job_stops_here_with_the_error_that_stopped_it():
    services, task = a_segment([2])
    services.claims.stop(task.job.id, "It is damaged.", "UnreadableVideo")

    with pytest.raises(UnreadableVideo, match=r"It is damaged"):
        extract_segment(task, services)

    assert services.reader.decoded == 0


def test_a_reason_of_no_known_name_still_stops_the_job():
    services, task = a_segment([2])
    services.claims.stop(task.job.id, "By hand.", "JobStopped")

    with pytest.raises(JobStopped, match=r"By hand"):
        extract_segment(task, services)
