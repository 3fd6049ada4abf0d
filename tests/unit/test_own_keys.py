"""Key frames restyled by hand: found beside the settings, checked, kept with the job."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from rotoscope import layout, pictures
from rotoscope.bounds import MOST_PICTURE_BYTES
from rotoscope.contracts import ChosenKeys, FilledFrame
from rotoscope.errors import JobRunning, JobUnknown, SettingsInvalid
from tests.builders import a_job, a_picture, a_source
from tests.unit.drops import KEY, OTHER, a_drop, plan
from tests.unit.sheets import a_sheet
from tests.worlds import FakeProber


def a_png(width=64, height=36, seed=0):
    buffer = io.BytesIO()
    Image.fromarray(a_picture(width, height, seed)).save(buffer, "PNG")
    return buffer.getvalue()


def own_picture(services, plan, index):
    return pictures.from_bytes(services.studio.read(layout.own_key(plan.job.id, index, plan.own_keys[index])))


def dropped(keys, settings=None):
    services = a_drop(settings)
    for name, body in keys.items():
        services.inbox.put(name, body)
    return services


def test_pictures_named_by_frame_number_are_kept_with_the_job():
    services = dropped({"clips/keys/00000002.png": a_png(seed=2), "clips/keys/7.jpg": a_png(seed=7)})

    _, made = plan(services)

    assert list(made.own_keys) == [2, 7]
    kept = own_picture(services, made, 2)
    assert np.abs(kept.astype(int) - a_picture(seed=2)).mean() < 2


def test_other_files_and_deeper_folders_are_no_keys():
    others = ["clips/keys/notes.txt", "clips/keys/a12.png", "clips/keys/source/00000003.png", "keys/00000004.png"]
    services = dropped(dict.fromkeys(others, a_png()))

    assert plan(services)[1].own_keys == {}


def test_the_folder_can_be_named_and_then_has_to_hold_something():
    wanted = {"style": {"keys": "by-hand"}}

    assert plan(dropped({"clips/by-hand/00000001.png": a_png()}, wanted))[1].own_keys.keys() == {1}
    with pytest.raises(SettingsInvalid, match=r"clips/by-hand/.*00000012\.png"):
        plan(dropped({}, wanted))


def test_a_picture_of_another_size_is_scaled_and_of_another_shape_refused():
    services = dropped({"clips/keys/00000001.png": a_png(128, 72)})

    made = plan(services)[1]

    assert own_picture(services, made, 1).shape == (36, 64, 3)
    with pytest.raises(SettingsInvalid, match=r"is 40x40, but the video shows 64x36"):
        plan(dropped({"clips/keys/00000001.png": a_png(40, 40)}))


def test_a_picture_for_a_video_that_is_drawn_smaller_has_the_size_that_is_drawn():
    services = a_drop(prober=FakeProber(a_source(width=7680, height=4320)))
    services.inbox.put("clips/keys/00000001.png", a_png(128, 72))

    made = plan(services)[1]

    assert own_picture(services, made, 1).shape == (1440, 2560, 3)


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
    assert (list(made.own_keys), made.revision, made.seed) == ([2, 5], 1, 7)
    assert np.abs(own_picture(services, made, 5).astype(int) - a_picture(seed=5)).mean() < 2


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


def test_a_refused_folder_leaves_the_job_as_it_was_and_a_corrected_one_works():
    services = a_finished_job()
    services.documents.save(layout.sheet(a_job().id, 0), a_sheet(range(10)))
    before = services.documents.plan(a_job().id)
    services.inbox.put("edited/00000005.png", a_png(seed=5))
    services.inbox.put("edited/00000010.png", a_png(seed=5))

    with pytest.raises(SettingsInvalid, match=r"edited/00000010\.png is a picture for frame 10, which the job did not"):
        edited(services)

    assert services.documents.plan(a_job().id) == before
    services.claims.finish(a_job().id, "failed")
    del services.inbox.objects["edited/00000010.png"]
    assert list(edited(services)[1].own_keys) == [2, 5]


def test_pictures_of_another_edit_never_replace_those_that_a_plan_uses():
    services = a_finished_job()
    before = services.documents.plan(a_job().id)
    services.inbox.put("edited/00000002.png", a_png(seed=9))
    services.inbox.put("edited/00000003.png", b"no picture")

    with pytest.raises(SettingsInvalid):
        edited(services)

    assert np.abs(own_picture(services, before, 2).astype(int) - a_picture(seed=2)).mean() < 2


def test_two_pictures_for_one_frame_are_a_mistake():
    with pytest.raises(SettingsInvalid, match=r"keys/00000012\.jpg and clips/keys/12\.png are both for frame 12"):
        plan(dropped(dict.fromkeys(["clips/keys/12.png", "clips/keys/00000012.jpg"], a_png())))


def test_more_pictures_than_a_job_may_have_are_refused_unread():
    with pytest.raises(SettingsInvalid, match=r"more than 2000 key pictures in clips/keys/"):
        plan(dropped({f"clips/keys/{index}.png": b"" for index in range(2001)}))


def test_a_file_that_is_too_large_is_refused_unread():
    large = MOST_PICTURE_BYTES + 1

    with pytest.raises(SettingsInvalid, match=r"1\.png has 50 MB; at most 50 MB can be taken"):
        plan(dropped({"clips/keys/1.png": bytes(large)}))


def test_a_refusal_in_the_folder_that_all_videos_share_says_so():
    with pytest.raises(SettingsInvalid, match=r"serves every video beside it; style\.keys names another"):
        plan(dropped({"clips/keys/1.png": b"text"}))
    with pytest.raises(SettingsInvalid) as refused:
        plan(dropped({"clips/mine/1.png": b"text"}, {"style": {"keys": "mine"}}))
    assert "every video" not in str(refused.value)


def test_edited_keys_of_a_job_that_paid_for_nothing_stay_when_it_is_resumed():
    services = a_finished_job()
    del services.studio.objects[layout.styled_frame(a_job().id, 0)]
    services.inbox.put("edited/00000005.png", a_png(seed=5))
    edited(services)
    services.claims.finish(a_job().id, "failed")

    _, made = plan(services, {"resume": a_job().id}, OTHER + "-still")

    assert list(made.own_keys) == [2, 5]


def test_with_pictures_of_ones_own_alone_a_resumed_job_is_planned_afresh():
    services = dropped({"clips/keys/00000002.png": a_png(seed=2)}, {"style": {"seed": 7}})
    plan(services)
    services.claims.finish(a_job().id, "failed")
    services.inbox.put(KEY + ".json", json.dumps({"style": {"seed": 8}}).encode())

    _, made = plan(services, {"resume": a_job().id}, OTHER)

    assert made.seed == 8


def test_keys_that_no_call_brought_are_given_up_when_keys_are_edited():
    services, job = a_finished_job(), a_job().id
    services.documents.save(layout.keys(job), ChosenKeys(frames=[0, 4, 8], own={}, wanted=3, chosen=3, unkeyed=0))
    services.documents.save_list(layout.filled(job), [FilledFrame(index=index, shows=4) for index in (0, 8)])
    services.inbox.put("edited/00000005.png", a_png(seed=5))

    edited(services)

    assert services.documents.keys(job).frames == [0, 4]
