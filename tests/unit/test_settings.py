"""What may be asked for, and what is said when it is asked wrongly."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotoscope import settings
from rotoscope.errors import JobError, SettingNotBuilt, SettingsInvalid
from rotoscope.settings import Settings
from rotoscope.settings_mistakes import known_keys
from rotoscope.settings_unbuilt import refuse_unbuilt

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.json"))
KEYS = sorted(known_keys(Settings))
WRONG_FOR_ALL = [float("nan"), float("inf"), -float("inf"), -1, 1e300, [[]], [None], {"a": {}}, {"": []}]


def resolved(text):
    return settings.resolve([("clip.mp4.json", settings.parse(text, "clip.mp4.json"))])


def nested(path, value):
    for name in reversed(path.split(".")):
        value = {name: value}
    return value


def test_an_empty_document_is_the_defaults():
    assert resolved("{}") == Settings()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_valid_and_asks_for_nothing_unbuilt(example):
    asked = resolved(example.read_text())

    refuse_unbuilt(asked)
    assert asked.engines()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not valid JSON"),
        ("{", "not valid JSON"),
        ("{'style': 1}", "not valid JSON"),
        (b"\xff\xfe\x00", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ('{"a":' * 5000 + "1" + "}" * 5000, "not valid JSON"),
        ('{"frames": {"start": ' + "9" * 5000 + "}}", "not valid JSON"),
        ('{"style": {"prompt": "\\ud83d"}}', "not valid JSON"),
        ("[]", "should be a JSON object"),
        ("null", "should be a JSON object"),
        ('"anime"', "should be a JSON object"),
        ("NaN", "should be a JSON object"),
    ],
    ids=range(12),
)
def test_what_is_no_json_object_is_refused_by_name(text, complaint):
    with pytest.raises(SettingsInvalid, match=complaint) as refused:
        settings.parse(text, "clip.mp4.json")

    assert str(refused.value).startswith("clip.mp4.json ")
    assert len(str(refused.value)) < 500


@pytest.mark.parametrize(
    "text", ['{"style": {"prompt": "水彩 🎨 ü"}}', '\ufeff{"style": {}}'.encode(), "{}".encode("utf-16")]
)
def test_a_document_may_be_in_any_language_and_any_unicode_encoding(text):
    assert isinstance(settings.parse(text, "x"), dict)


def test_a_schema_for_the_editor_is_no_setting():
    assert settings.parse('{"$schema": "../docs/settings.schema.json"}', "x") == {}


@pytest.mark.parametrize("value", WRONG_FOR_ALL, ids=repr)
@pytest.mark.parametrize("key", KEYS)
def test_no_value_however_strange_gets_past_except_as_a_sentence(key, value):
    text = json.dumps(nested(key, value))

    with pytest.raises(SettingsInvalid, match=key.partition(".")[0]) as refused:
        resolved(text)

    assert str(refused.value).startswith("clip.mp4.json: ")
    assert len(str(refused.value)) < 500


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("frames.step", "2"),
        ("frames.step", True),
        ("frames.start", True),
        ("frames.keys", ["1"]),
        ("frames.keys", [True]),
        ("frames.keys", "every 0"),
        ("frames.keys", "every -1"),
        ("limits.max_cost_usd", "5"),
        ("limits.max_cost_usd", True),
        ("limits.max_minutes", 0),
        ("output.compare", "no"),
        ("output.compare", 0),
        ("output.fps", 0),
        ("output.fps", "0/1"),
        ("output.fps", "1/0"),
        ("output.fps", "99999999999/1"),
        ("output.fps", "1/99999999999"),
        ("output.fps", 1e-9),
        ("output.size", "99999x99999"),
        ("output.size", "8192x8192"),
        ("output.size", "0x0"),
        ("output.size", "1280 x 720"),
        ("output.formats", []),
        ("output.formats", "mp4"),
        ("output.background", "white"),
        ("style.engine", []),
        ("style.engine", "SDXL"),
        ("style.seed", 4294967295),
        ("style.seed", "0"),
        ("style.prompt", "x" * 10_001),
        ("frames.start", "1:2"),
        ("frames.start", "4"),
        ("frames.start", "-4s"),
    ],
)
def test_a_value_of_the_wrong_type_or_range_is_refused_naming_the_key(key, value):
    with pytest.raises(SettingsInvalid, match=rf"{key} should be "):
        resolved(json.dumps(nested(key, value)))


def test_the_sentence_names_the_range_and_the_value():
    with pytest.raises(SettingsInvalid) as refused:
        resolved('{"style": {"denoise": 2}}')

    assert str(refused.value) == (
        "clip.mp4.json: style.denoise should be a number from 0 to 1 or a schedule by frame (it is 2)."
    )


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('{"style": {"prmpt": "x"}}', "Did you mean style.prompt?"),
        ('{"prompt": "x"}', "Did you mean style.prompt?"),
        ('{"output": {"step": 2}}', "Did you mean frames.step?"),
        ('{"style": {"cfg_scale": 7}}', "Did you mean style.sdxl.cfg_scale?"),
        ('{"Style": {}}', "There is no setting Style."),
    ],
)
def test_an_unknown_key_is_answered_with_the_nearest_known_one(text, hint):
    with pytest.raises(SettingsInvalid) as refused:
        resolved(text)

    assert hint in str(refused.value)


def test_all_mistakes_are_told_at_once_but_never_a_book_of_them():
    with pytest.raises(SettingsInvalid) as few:
        resolved('{"style": {"denoise": 2, "seed": -1}}')
    with pytest.raises(SettingsInvalid) as many:
        resolved(json.dumps({f"key{number}": {} for number in range(3000)} | {"k" * 100_000: 1}))

    assert "style.denoise" in str(few.value)
    assert "style.seed" in str(few.value)
    assert "2991 more mistakes" in str(many.value)
    assert len(str(many.value)) < 2000


@given(
    st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.dictionaries(st.text(), inner))
)
def test_whatever_json_holds_the_answer_is_settings_or_a_sentence(value):
    try:
        resolved(json.dumps(value))
    except JobError as refused:
        assert str(refused)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("style.prompt", {"0": "dawn", "96": "night"}),
        ("style.denoise", {"0": 0.3}),
        ("style.denoise", {}),
        ("motion.slow", 2),
        ("motion.fps", 60),
        ("motion.engine", "film"),
        ("review", "preview"),
    ],
)
def test_a_setting_of_the_design_that_is_not_built_yet_is_refused_with_what_to_do_instead(key, value):
    asked = resolved(json.dumps(nested(key, value)))

    with pytest.raises(SettingNotBuilt, match=rf"{key} = .* is not available yet: \w+"):
        refuse_unbuilt(asked)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("frames.keys", "adaptive"),
        ("style.preserve_color", True),
        ("style.keys", "/shared/my keys"),
        ("motion.deflicker", "strong"),
        ("output.formats", ["mp4", "hevc", "prores", "webm", "gif", "webp", "frames", "keys"]),
        ("output.compare", "wipe"),
        ("output.loop", "boomerang"),
    ],
)
def test_what_is_built_may_be_asked_for(key, value):
    refuse_unbuilt(resolved(json.dumps(nested(key, value))))


@pytest.mark.parametrize("formats", [["frames"], ["keys"], ["keys", "frames"]])
def test_a_boomerang_of_nothing_that_plays_is_refused_with_what_would_play(formats):
    asked = {"output": {"loop": "boomerang", "formats": formats}}

    with pytest.raises(SettingsInvalid, match=r"output.loop is boomerang, but nothing in output.formats .* add mp4"):
        resolved(json.dumps(asked))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("4s", 4), ("0.5s", 0.5), ("1:23.5", 83.5), ("1:02:03", 3723), ("00:00", 0), ("99:59", 5999)],
)
def test_times_are_read_as_people_write_them(text, expected):
    asked = resolved(json.dumps({"frames": {"start": text}}))

    assert settings.seconds(str(asked.frames.start)) == expected


def test_settings_survive_the_plan_document_unchanged():
    asked = resolved('{"style": {"engine": ["sd35", "sketch"], "seed": 0}, "output": {"fps": "30000/1001"}}')

    assert Settings.model_validate_json(asked.model_dump_json()) == asked
