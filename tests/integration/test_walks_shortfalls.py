"""A format whose part was lost is left out, and comes when the job is taken up again; nothing is drawn twice."""

import pytest

from rotoscope.adapters.memory import MemoryStore
from rotoscope.errors import JobRunning
from tests.clips import clip
from tests.walking import a_walk


class Forgetful(MemoryStore):
    """Loses what is named so, as a bucket would have lost it that was not there."""

    lost = "video.gif"

    def upload(self, key, path, content_type):
        if not self.lost or not key.endswith(f"/{self.lost}"):
            super().upload(key, path, content_type)


@pytest.mark.treats("a job that lacks one of its results", "taken up again it makes that one; nothing is paid twice")
def test_taken_up_again_a_job_makes_what_it_lacks():
    settings = {"output": {"formats": ["mp4", "gif"], "compare": False}, "frames": {"keys": [0, 6]}}
    walk = a_walk(clip("lacking.mp4", size=(96, 64), frames=12, audio=None), settings, studio=Forgetful()).run()
    [said] = [note for note in walk.receipt["notes"] if "lacking.gif" in note]
    made, before = walk.receipt["calls"]["made"], set(walk.names)

    walk.services.studio.lost = ""
    walk.run({"resume": walk.job.id}, "again")

    assert f"rotoscope redrive {walk.job.id}" in said
    assert set(walk.names) - before == {"lacking.gif"}
    assert walk.receipt["calls"]["made"] == made
    assert not [note for note in walk.receipt["notes"] if "not made" in note]
    with pytest.raises(JobRunning, match="already done"):
        walk.run({"resume": walk.job.id}, "once more")
