"""The table of engines, which adapter stands behind a name, and what an engine leaves unused."""

import re

import pytest

from rotoscope import settings
from rotoscope.adapters.memory import ScriptedRuntime
from rotoscope.engines import registry, unused
from rotoscope.engines.catalog import CHECKED, ENGINES, RETIRED, retired_sentence
from rotoscope.engines.presets import LOOKS, prompt_of
from rotoscope.errors import ModelRetired
from rotoscope.settings import EngineName, Preset


def never():
    raise AssertionError("this engine has no use for that runtime")


def runtime():
    return ScriptedRuntime(lambda target, body: never())


def ignored(engine, dialect="stability", **style):
    return unused.ignored_settings(engine, settings.resolve([("test", {"style": style})]), dialect)


def test_every_name_that_settings_know_has_its_facts():
    assert set(ENGINES) == set(EngineName.__args__)
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", CHECKED)


@pytest.mark.parametrize("facts", ENGINES.values(), ids=lambda facts: facts.name)
def test_an_engine_is_priced_and_paced_exactly_when_bedrock_serves_it(facts):
    on_bedrock = facts.model_id is not None

    assert (facts.price_usd > 0) == on_bedrock
    assert (facts.requests_per_minute is not None) == (facts.quota_name is not None) == on_bedrock
    assert bool(facts.regions) == on_bedrock
    assert 0 <= facts.default_denoise <= 1
    assert facts.seconds_per_call > 0


@pytest.mark.parametrize("facts", ENGINES.values(), ids=lambda facts: facts.name)
def test_no_engine_stands_on_a_retired_model(facts):
    assert (facts.model_id or "").removeprefix("us.") not in RETIRED


@pytest.mark.parametrize("model", RETIRED)
def test_what_replaces_a_retired_model_exists(model):
    date, instead = RETIRED[model]

    assert ENGINES[instead].model_id
    assert date < CHECKED
    assert (model in (sentence := retired_sentence(model))) and instead in sentence


@pytest.mark.parametrize("name", ["control-structure", "control-sketch", "sd35", "style-transfer"])
def test_a_bedrock_engine_makes_no_sagemaker_client(name):
    assert registry.engine(name, runtime, never, None, "stability").target == ENGINES[name].model_id


def test_sdxl_calls_the_users_endpoint_and_makes_no_bedrock_client():
    assert registry.engine("sdxl", never, runtime, "mine", "jumpstart").target == "mine"


@pytest.mark.parametrize("endpoint", [None, ""])
def test_sdxl_without_an_endpoint_is_retired(endpoint):
    with pytest.raises(ModelRetired, match=r"retired from Bedrock on 2025-05-20.*sd35.*sdxl_endpoint"):
        registry.engine("sdxl", never, never, endpoint, "stability")


@pytest.mark.parametrize("name", ["sketch", "echo"])
def test_a_drawn_engine_makes_no_client_at_all(name):
    registry.engine(name, never, never, None, "stability")


@pytest.mark.parametrize(
    ("engine", "style", "unused"),
    [
        ("sdxl", {"sdxl": {"steps": 20, "clip_guidance_preset": "SLOW"}}, []),
        ("sd35", {"sdxl": {"steps": 20, "cfg_scale": 7}}, ["style.sdxl.cfg_scale", "style.sdxl.steps"]),
        ("sd35", {"image": "x.png"}, ["style.image"]),
        ("style-transfer", {"image": "x.png", "prompt": "ink"}, []),
        ("sketch", {"image": "x.png", "prompt": "ink", "preset": "anime"}, ["style.prompt", "style.preset"]),
        ("sketch", {"prompt": "ink"}, []),
        ("sketch", {"prompt": "ink", "preset": "anime"}, ["style.prompt"]),
        ("sketch", {"negative_prompt": "fog"}, ["style.negative_prompt"]),
        ("control-structure", {"preset": "anime", "negative_prompt": "fog"}, []),
    ],
)
def test_what_an_engine_makes_no_use_of_is_listed(engine, style, unused):
    assert ignored(engine, **style) == unused


def test_jumpstart_has_no_clip_guidance():
    asked = {"sdxl": {"steps": 20, "clip_guidance_preset": "SLOW"}}

    assert ignored("sdxl", "jumpstart", **asked) == ["style.sdxl.clip_guidance_preset"]


def test_a_sampler_that_jumpstart_has_no_name_for_is_listed_and_not_silently_dropped():
    assert ignored("sdxl", "jumpstart", sdxl={"sampler": "DDIM"}) == ["style.sdxl.sampler"]
    assert ignored("sdxl", "jumpstart", sdxl={"sampler": "K_LMS"}) == []


def test_every_preset_has_words():
    assert set(LOOKS) == set(Preset.__args__)


@pytest.mark.parametrize(
    ("prompt", "preset", "text"),
    [
        ("ink", None, "ink"),
        ("ink", "anime", f"ink, {LOOKS['anime']}"),
        (None, "anime", LOOKS["anime"]),
        ("", "anime", LOOKS["anime"]),
        (None, None, ""),
    ],
)
def test_a_preset_becomes_words_around_the_users_own(prompt, preset, text):
    assert prompt_of(prompt, preset) == text
