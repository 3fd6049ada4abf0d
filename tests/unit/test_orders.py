"""Which video, with which settings: read from everywhere they may lie."""

import json

import pytest

from rotoscope import orders
from rotoscope.adapters.memory import MemoryInbox
from rotoscope.engines.catalog import RETIRED
from rotoscope.errors import JobError, JobUnknown, ModelRetired, SettingNotBuilt, SettingsInvalid
from tests.builders import a_job
from tests.worlds import a_world

VIDEO = b"a video"
KEY = "in/deep/dance.mp4"


def inbox_of(documents, metadata=None, key=KEY):
    """A world whose inbox holds the video and these settings documents."""
    services = a_world()
    services.inbox.put(key, VIDEO, **({} if metadata is None else {"rotoscope": metadata}))
    for place, document in documents.items():
        services.inbox.put(place, document if isinstance(document, bytes) else json.dumps(document).encode())
    return services


def seed(number):
    return {"style": {"seed": number}}


def test_a_bare_upload_gets_the_stacks_engine_and_the_default_look():
    order = orders.read(a_job(KEY), inbox_of({}))

    assert order.settings.engines() == ["control-structure"]
    assert order.settings.style.preset == orders.DEFAULT_PRESET
    assert (order.video_key, order.video_version_id) == (KEY, "v1")
    assert order.origins == ["the stack's defaults"]


@pytest.mark.parametrize("style", [{"prompt": "ink"}, {"preset": "origami"}, {"image": "look.jpg"}])
def test_who_names_a_look_does_not_get_the_default_one_as_well(style):
    order = orders.read(a_job(KEY), inbox_of({KEY + ".json": {"style": style}}))

    assert order.settings.style.preset == style.get("preset")


def test_the_nearer_document_wins_all_the_way_from_the_stack_to_the_sidecar():
    layers = {"rotoscope.json": seed(1), "in/rotoscope.json": seed(2), "in/deep/rotoscope.json": seed(3)}
    sidecar = {KEY + ".json": seed(5)}

    seeds = [
        orders.read(a_job(KEY), services).settings.style.seed
        for services in (
            inbox_of({}),
            inbox_of({"rotoscope.json": seed(1)}),
            inbox_of({"rotoscope.json": seed(1), "in/rotoscope.json": seed(2)}),
            inbox_of(layers),
            inbox_of(layers, metadata=json.dumps(seed(4))),
            inbox_of({**layers, **sidecar}, metadata=json.dumps(seed(4))),
        )
    ]

    assert seeds == [None, 1, 2, 3, 4, 5]


def test_the_order_names_every_document_that_had_a_say():
    services = inbox_of({"rotoscope.json": {}, "in/deep/rotoscope.json": {}, KEY + ".json": {}}, metadata="{}")

    order = orders.read(a_job(KEY), services)

    assert order.origins == [
        "the stack's defaults",
        "rotoscope.json",
        "in/deep/rotoscope.json",
        f"x-amz-meta-rotoscope of {KEY}",
        KEY + ".json",
    ]


def test_settings_of_another_folder_or_another_video_have_no_say():
    services = inbox_of(
        {"in/other/rotoscope.json": seed(1), "in/deep/other.mp4.json": seed(2), "x/rotoscope.json": seed(3)}
    )

    assert orders.read(a_job(KEY), services).settings.style.seed is None


@pytest.mark.parametrize(
    ("documents", "metadata", "blamed"),
    [
        ({"in/rotoscope.json": b"{"}, None, "in/rotoscope.json is not valid JSON"),
        ({KEY + ".json": b"\xff"}, None, f"{KEY}.json is not valid JSON"),
        ({KEY + ".json": []}, None, f"{KEY}.json should be a JSON object"),
        ({}, "{broken", f"x-amz-meta-rotoscope of {KEY} is not valid JSON"),
        ({}, "true", f"x-amz-meta-rotoscope of {KEY} should be a JSON object"),
        ({}, '{"style": 5}', f"x-amz-meta-rotoscope of {KEY}: style should be a group of settings"),
        ({KEY + ".json": {"style": {"prompt": None, "engine": {}}}}, None, f"{KEY}.json: style.engine should be"),
    ],
)
def test_a_broken_document_is_refused_by_its_own_name(documents, metadata, blamed):
    with pytest.raises(SettingsInvalid) as refused:
        orders.read(a_job(KEY), inbox_of(documents, metadata))

    assert str(refused.value).startswith(blamed)


class Unread(MemoryInbox):
    """An inbox of whose large documents nothing can be read."""

    def read(self, key, version_id=None):
        """Raises MemoryError, as a function of 256 MB might."""
        if len(self.objects[key]) > orders.MOST_BYTES:
            raise MemoryError
        return super().read(key, version_id)


@pytest.mark.treats("a settings document of more than 1 MB", "refused with a sentence, unread")
@pytest.mark.parametrize("key", ["rotoscope.json", KEY + ".json", "sheet.rotoscope.json"])
def test_a_document_too_large_to_be_settings_is_refused_unread(key):
    services = a_world(inbox=Unread())
    services.inbox.put(KEY, VIDEO)
    services.inbox.put(key, b"{}".ljust(orders.MOST_BYTES + 1))
    dropped = key if key.startswith("sheet") else KEY

    with pytest.raises(SettingsInvalid, match=rf"^{key} has 1.0 MB; settings are at most 1.0 MB"):
        orders.read(a_job(dropped), services)


def test_a_document_of_a_megabyte_is_read():
    services = inbox_of({KEY + ".json": json.dumps(seed(3)).encode().ljust(orders.MOST_BYTES)})

    assert orders.read(a_job(KEY), services).settings.style.seed == 3


def test_empty_metadata_is_no_settings_at_all():
    assert orders.read(a_job(KEY), inbox_of({}, metadata="")).origins == ["the stack's defaults"]


def test_a_video_that_was_deleted_meanwhile_is_missed_by_name():
    with pytest.raises(JobUnknown, match=r"no video in/deep/dance.mp4"):
        orders.read(a_job(KEY), a_world())


@pytest.mark.parametrize("name", sorted(RETIRED))
@pytest.mark.parametrize("wish", ["{}", "us.{}"])
def test_a_retired_model_is_refused_with_what_to_use_instead(name, wish):
    services = inbox_of({KEY + ".json": {"style": {"engine": wish.format(name)}}})

    with pytest.raises(
        ModelRetired, match=rf'{name} was retired .* on 20\d\d-\d\d-\d\d\. Use the engine "\S+" instead'
    ):
        orders.read(a_job(KEY), services)


def test_a_retired_model_is_found_inside_a_ladder_and_in_a_folder_too():
    ladder = {"style": {"engine": ["sd35", "stability.stable-diffusion-xl-v1"]}}

    with pytest.raises(ModelRetired, match=r"sdxl_endpoint"):
        orders.read(a_job(KEY), inbox_of({"rotoscope.json": ladder}))


def test_a_model_id_that_never_was_is_an_unknown_engine():
    with pytest.raises(SettingsInvalid, match=r"style.engine should be one of control-structure"):
        orders.read(a_job(KEY), inbox_of({KEY + ".json": {"style": {"engine": "stability.sd9"}}}))


def test_a_setting_that_is_not_built_yet_is_refused_wherever_it_lies():
    with pytest.raises(SettingNotBuilt, match=r"review"):
        orders.read(a_job(KEY), inbox_of({"rotoscope.json": {"review": "preview"}}))


def sheet(document, key="in/deep/again.rotoscope.json"):
    """A job without an upload."""
    services = inbox_of({key: document, KEY + ".json": seed(5), "in/deep/rotoscope.json": seed(3)})
    return orders.read(a_job(key), services)


def test_a_job_document_reruns_a_video_that_is_already_there_with_settings_on_top():
    order = sheet({"video": "dance.mp4", "settings": {"style": {"preset": "origami"}}})

    assert (order.video_key, order.video_version_id) == (KEY, None)
    assert (order.settings.style.seed, order.settings.style.preset) == (5, "origami")
    assert order.settings_key == "in/deep/again.rotoscope.json"
    assert order.origins[-1] == "in/deep/again.rotoscope.json"


@pytest.mark.parametrize("video", ["dance.mp4", "./dance.mp4", "../deep/dance.mp4", "/in/deep/dance.mp4"])
def test_the_video_of_a_job_document_is_named_as_seen_from_it(video):
    assert sheet({"video": video}).video_key == KEY


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"video": 5},
        {"video": None},
        {"video": ["dance.mp4"]},
        {"video": "dance.mp4", "style": {}},
        {"video": "dance.mp4", "settings": []},
        {"video": "dance.mp4", "settings": "anime"},
        {"video": "dance.mp4", "settings": None},
    ],
)
def test_a_job_document_of_another_shape_is_answered_with_the_right_one(document):
    with pytest.raises(SettingsInvalid, match=r'should look like \{"video": "clip.mp4", "settings": \{...\}\}'):
        sheet(document)


@pytest.mark.parametrize("video", ["", "/", ".", "../../..", "gone.mp4", "/dance.mp4"])
def test_a_job_document_whose_video_is_not_there_says_so(video):
    with pytest.raises(JobUnknown, match=r"There is no video"):
        sheet({"video": video})


def test_a_storyboard_is_refused_until_it_is_built():
    with pytest.raises(SettingNotBuilt, match=r"Storyboards"):
        sheet({"storyboard": {}})


def test_a_job_documents_own_mistakes_carry_its_name():
    with pytest.raises(JobError, match=r"^in/deep/again.rotoscope.json: frames.step"):
        sheet({"video": "dance.mp4", "settings": {"frames": {"step": 0}}})
