"""Key frames restyled by hand: found beside the settings, checked, kept with the job."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from rotoscope import layout, pictures
from rotoscope.errors import JobRunning, JobUnknown, SettingsInvalid
from tests.builders import a_job, a_picture
from tests.unit.drops import KEY, OTHER, a_drop, plan


def a_png(width=64, height=36, seed=0):
    buffer = io.BytesIO()
    Image.fromarray(a_picture(width, height, seed)).save(buffer, "PNG")
    return buffer.getvalue()


def dropped(keys, settings=None):
    services = a_drop(settings)
    for name, body in keys.items():
        services.inbox.put(name, body)
    return services


def test_pictures_named_by_frame_number_are_kept_with_the_job():
    services = dropped({"clips/keys/00000002.png": a_png(seed=2), "clips/keys/7.jpg": a_png(seed=7)})

    _, made = plan(services)

    assert made.own_keys == [2, 7]
    kept = pictures.from_bytes(services.studio.read(layout.own_key(made.job.id, 2)))
    assert np.abs(kept.astype(int) - a_picture(seed=2)).mean() < 2


def test_other_files_and_deeper_folders_are_no_keys():
    others = ["clips/keys/notes.txt", "clips/keys/a12.png", "clips/keys/source/00000003.png", "keys/00000004.png"]
    services = dropped(dict.fromkeys(others, a_png()))

    assert plan(services)[1].own_keys == []


def test_the_folder_can_be_named_and_then_has_to_hold_something():
    wanted = {"style": {"keys": "by-hand"}}

    assert plan(dropped({"clips/by-hand/00000001.png": a_png()}, wanted))[1].own_keys == [1]
    with pytest.raises(SettingsInvalid, match=r"clips/by-hand/.*00000012\.png"):
        plan(dropped({}, wanted))


def test_a_picture_of_another_size_is_scaled_and_of_another_shape_refused():
    services = dropped({"clips/keys/00000001.png": a_png(128, 72)})

    job = plan(services)[1].job

    assert pictures.from_bytes(services.studio.read(layout.own_key(job.id, 1))).shape == (36, 64, 3)
    with pytest.raises(SettingsInvalid, match=r"is 40x40, but the video shows 64x36"):
        plan(dropped({"clips/keys/00000001.png": a_png(40, 40)}))


def test_what_is_no_picture_is_named():
    with pytest.raises(SettingsInvalid, match=r"clips/keys/00000001\.png cannot be used"):
        plan(dropped({"clips/keys/00000001.png": b"text"}))


def edited(services, prefix="edited"):
    return plan(services, {"resume": a_job().id, "keys": prefix}, OTHER)


def a_finished_job():
    services = dropped({"clips/keys/00000002.png": a_png(seed=2)}, {"style": {"seed": 7}})
    plan(services)
    services.studio.write(layout.styled_frame(a_job().id, 0), b"paid")
    services.claims.finish(a_job().id, "succeeded")
    return services


def test_a_finished_job_is_taken_up_with_edited_keys_and_made_anew():
    services = a_finished_job()
    services.inbox.put("edited/00000005.png", a_png(seed=5))
    services.inbox.put(KEY + ".json", json.dumps({"style": {"seed": 8}}).encode())

    result, made = edited(services)

    assert result.owned
    assert (made.own_keys, made.revision, made.seed) == ([2, 5], 1, 7)
    assert services.studio.exists(layout.own_key(a_job().id, 5))


def test_without_edited_keys_a_finished_job_stays_finished():
    services = a_finished_job()

    with pytest.raises(JobRunning, match=r"already done"):
        plan(services, {"resume": a_job().id}, OTHER)


def test_an_empty_folder_of_edited_keys_is_a_mistake():
    with pytest.raises(SettingsInvalid, match=r"no key picture in edited/"):
        edited(a_finished_job())


def test_a_job_that_was_never_planned_has_no_keys_to_edit():
    services = a_drop({"style": {"seed": "seven"}})
    with pytest.raises(SettingsInvalid):
        plan(services)
    services.claims.finish(a_job().id, "failed")

    with pytest.raises(JobUnknown, match=r"drop its video again"):
        edited(services)
