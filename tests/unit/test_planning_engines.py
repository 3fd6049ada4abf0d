"""PlanJob checks every engine of the ladder, and its style image, before anything is paid."""

import pytest

from rotoscope import layout
from rotoscope.adapters.memory import OpenCatalog
from rotoscope.bounds import MOST_PICTURE_BYTES
from rotoscope.errors import (
    ModelDenied,
    ModelRetired,
    SettingsInvalid,
    StyleImageMissing,
)
from tests.builders import a_job, a_picture, png
from tests.unit.drops import a_drop, plan


class Catalogue(OpenCatalog):
    """An account that refuses some things and says its own quota."""

    def __init__(self, refused=None, quota=None):
        self.refused, self.quota, self.asked = refused or {}, quota, []

    def require_callable(self, model_id):
        self.asked.append(model_id)
        if model_id in self.refused:
            raise self.refused[model_id]

    def requests_per_minute(self, quota_name):
        return self.quota

    def require_endpoint(self, name):
        self.asked.append(name)


def test_every_step_of_a_ladder_is_checked_before_anything_is_paid():
    denied = Catalogue({"us.stability.stable-image-control-sketch-v1:0": ModelDenied("No subscription.")})
    services = a_drop({"style": {"engine": ["sd35", "control-sketch"], "prompt": "ink"}}, catalog=denied)

    with pytest.raises(ModelDenied, match=r"No subscription"):
        plan(services)

    assert denied.asked == ["stability.sd3-5-large-v1:0", "us.stability.stable-image-control-sketch-v1:0"]


def test_a_ladder_is_priced_at_its_dearest_step_and_paced_by_its_first():
    _, written = plan(a_drop({"style": {"engine": ["sketch", "control-structure", "sd35"], "prompt": "ink"}}))

    assert written.price_usd == 0.08
    assert written.requests_per_minute is None


def test_the_accounts_own_quota_counts_where_it_may_be_read():
    _, written = plan(a_drop(catalog=Catalogue(quota=4.0)))

    assert written.requests_per_minute == 4


def test_sdxl_without_an_endpoint_is_refused_as_retired():
    services = a_drop({"style": {"engine": "sdxl", "prompt": "ink"}})

    with pytest.raises(ModelRetired, match=r"2025-05-20.*sdxl_endpoint"):
        plan(services)


def test_sdxl_with_an_endpoint_is_planned_without_pace_or_price():
    catalog = Catalogue()
    config = {"sdxl_endpoint": "my-sdxl"}

    _, written = plan(a_drop({"style": {"engine": "sdxl", "prompt": "ink"}}, config=config, catalog=catalog))

    assert (written.price_usd, written.requests_per_minute) == (0, None)
    assert catalog.asked == ["my-sdxl"]


def test_what_the_engine_ignores_is_written_down():
    asked = {"style": {"engine": "sketch", "preset": "anime", "negative_prompt": "fog", "sdxl": {"steps": 20}}}

    _, written = plan(a_drop(asked))

    assert written.ignored == ["style.sdxl.steps", "style.negative_prompt"]


def test_an_engine_that_redraws_from_a_text_wants_one():
    asked = {"style": {"engine": "control-structure", "image": "look.png"}}
    services = a_drop(asked)
    services.inbox.put("clips/look.png", png(a_picture()))

    with pytest.raises(SettingsInvalid, match=r'"control-structure" needs style.prompt or style.preset'):
        plan(services)


def test_the_job_keeps_its_own_copy_of_the_style_image():
    look = png(a_picture(seed=3))
    services = a_drop({"style": {"engine": "style-transfer", "image": "look.png"}})
    services.inbox.put("clips/look.png", look)

    plan(services)

    assert services.studio.read(layout.style_image(a_job().id)) == look


@pytest.mark.parametrize(
    ("image", "sentence"),
    [
        (None, "needs a style image"),
        ("", "needs a style image"),
        ("gone.png", "no style image clips/gone.png"),
        ("/", "no style image"),
        ("dance.mp4", "clips/dance.mp4 cannot be used"),
    ],
)
def test_a_missing_style_image_or_one_that_is_none_is_named(image, sentence):
    services = a_drop({"style": {"engine": "style-transfer", "image": image}})

    with pytest.raises(StyleImageMissing, match=sentence):
        plan(services)


@pytest.mark.treats("a style image of more than 50 MB", "refused unread with a sentence")
def test_a_style_image_that_is_too_large_is_refused_unread():
    services = a_drop({"style": {"engine": "style-transfer", "image": "look.png"}})
    services.inbox.put("clips/look.png", bytes(MOST_PICTURE_BYTES + 400_000))

    with pytest.raises(StyleImageMissing, match=r"clips/look\.png has 50\.4 MB; at most 50 MB can be taken"):
        plan(services)


def test_a_quota_of_nothing_is_said_before_a_twelve_hour_wait():
    services = a_drop({"style": {"engine": "sd35", "preset": "anime"}}, catalog=Catalogue(quota=0.0))

    with pytest.raises(ModelDenied, match=r"quota .* is 0"):
        plan(services)


def test_an_engine_that_the_stacks_region_does_not_serve_is_refused_with_the_region_to_use():
    services = a_drop({"style": {"engine": "sd35", "preset": "anime"}}, config={"bedrock_region": "us-east-1"})

    with pytest.raises(ModelDenied, match=r"not served in us-east-1.*us-west-2"):
        plan(services)
