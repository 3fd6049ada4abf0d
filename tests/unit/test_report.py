"""report.html tells what a job did, in one file that asks nobody for anything and in which nothing can break out."""

import hashlib
import re
from base64 import b64decode, b64encode
from html import unescape

import pytest

from rotoscope import layout
from rotoscope.assembly import assemble_video
from rotoscope.contracts import FilledFrame
from rotoscope.joining import timeline
from rotoscope.overview import Overview, of_sheet
from rotoscope.receipts import Receipt
from rotoscope.report import writing
from rotoscope.report.markup import tag
from rotoscope.report.sections import tiles
from rotoscope.report.story import Story
from tests.builders import TICKS, a_plan
from tests.unit.assembling import a_budget, rendered, result
from tests.unit.finished import a_quality, a_receipt
from tests.unit.reading_reports import Elements, facts, report, script, written

HOSTILE = [
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style><h1>hello",
    "'); alert(1); ('",
    "${title} $title $$ {body} %s",
    "\u202egnp.mp4",
    "<!-- <script>",
    "&lt;b&gt; &amp;",
    "💃 مرحبا 踊る",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_name_and_no_prompt_becomes_markup(text):
    plain = Elements(report(style={"prompt": "plain", "negative_prompt": "plain"}))

    page = report(key=f"clips/{text}.mp4", style={"prompt": text, "negative_prompt": text})
    hostile = Elements(page)

    assert [name for name, _ in hostile.found] == [name for name, _ in plain.found]
    assert hostile.text.count(text) >= 4


def test_no_text_ends_the_attribute_that_it_stands_in():
    (element,) = Elements(tag("p", title="\"><script>' & &quot;", hidden=True)).found

    assert element == ("p", {"title": "\"><script>' & &quot;", "hidden": None})


def test_the_page_runs_and_loads_nothing_but_what_is_in_it():
    page = report()
    elements = Elements(page)
    policy = next(each["content"] for each in elements.of("meta") if each.get("http-equiv"))
    hashed = [
        b64encode(hashlib.sha256(part.encode()).digest()).decode()
        for part in (script(page, -1), re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1])
    ]

    assert policy.startswith("default-src 'none'; ")
    assert all(f"'sha256-{digest}'" in policy for digest in hashed)
    assert "unsafe" not in policy
    addresses = [each[name] for _, each in elements.found for name in ("src", "href") if each.get(name)]
    assert {address.partition(",")[0] for address in addresses} <= {"data:image/jpeg;base64", "data:"}
    assert not [name for _, each in elements.found for name in each if name.startswith("on") or name == "style"]


def test_a_small_comparison_is_part_of_the_page():
    plan = a_plan()
    services, task = rendered(plan, range(10))
    assemble_video(task, services)

    page = result(services, plan, layout.REPORT).decode()

    assert b64decode(script(page, 1)) == result(services, plan, layout.COMPARISON)


def test_a_large_comparison_stays_beside_the_page_and_the_page_says_so():
    plan = a_plan()
    services, task = rendered(plan, range(10))
    assemble_video(task, services)
    receipt = Receipt.model_validate_json(result(services, plan, "receipt.json"))
    large = [each.model_copy(update={"bytes": writing.EMBEDDED_BYTES + 1}) for each in receipt.outputs]
    film, budget = of_sheet(plan, services.documents.sheet(plan.job.id, 0), {}), services.documents.budget(plan.job.id)
    time = timeline(plan, budget, film.stamps)

    writing.write_report(plan, budget, receipt.model_copy(update={"outputs": large}), film, [], time, services)

    page = result(services, plan, layout.REPORT).decode()
    assert script(page, 1) == ""
    assert Elements(page).of("video")[0]["src"] == "compare.mp4"
    assert "it is read from compare.mp4 beside it" in page


def test_without_a_comparison_a_key_frame_is_compared():
    elements = Elements(report(output={"compare": False}))

    stills = {each["id"]: each["src"][:10] for each in elements.of("img") if each.get("id")}
    assert stills == {"before": "data:image", "after": "data:image"}
    assert elements.of("video") == []


def test_a_wipe_lies_beside_the_page_which_compares_a_key_frame_itself():
    page = report(output={"compare": "wipe"})

    assert Elements(page).of("video") == []
    assert "How the video compares with its source is in compare.mp4 beside this page." in page


def test_both_sides_and_every_control_have_a_name():
    elements = Elements(report())

    assert all(each.get("aria-label") for each in elements.of("input"))
    assert elements.of("canvas")[0]["aria-label"]
    assert all(each.get("aria-label") for each in elements.of("svg"))
    assert all("alt" in each for each in elements.of("img"))


def test_keys_stand_on_the_contact_sheet_with_their_numbers_and_times():
    page = report(range(20), keys=[0, 7, 19])

    assert [each["data-at"] for each in Elements(page).of("button") if "data-at" in each] == [
        "0.0000",
        "0.2800",
        "0.7600",
    ]
    assert "<b>7</b> 0:00.28" in page
    assert '<p class="numbers">0, 7, 19</p>' in page


def test_of_very_many_keys_some_are_shown_and_all_are_named():
    page = report(range(1000))

    assert len([each for each in Elements(page).of("button") if "data-at" in each]) == 48
    assert "48 of 1000 key frames, evenly chosen." in page
    assert '<p class="numbers">0-999</p>' in page


def test_a_key_that_no_call_brought_is_shown_as_a_gap_and_never_as_a_picture():
    page = report(keys=[0, 4, 9], filled=[FilledFrame(index=4, shows=0)])

    assert len(Elements(page).classed("hole")) == 1
    assert "1 filled: no picture came" in page


def test_the_way_of_every_frame_is_told_and_counted():
    page = written(a_plan(), range(10), keys=[0, 5, 9], filled=[FilledFrame(index=5, shows=0)], own=[9])

    told = facts(page)
    assert told["ways"] == [[0, 1], [2, 4], [4, 1], [2, 3], [1, 1]]
    assert [told["names"][way] for way, _ in told["ways"]] == [
        "paid",
        "propagated",
        "filled",
        "propagated",
        "your own picture",
    ]
    assert "1 paid: redrawn by control-structure <small>10 %" in page


def test_the_players_frames_are_the_sources_frames_at_their_own_times():
    page = written(a_plan(frames={"start": 3, "step": 4}), range(3, 43, 4))

    told = facts(page)
    assert told["index"] == [3, 4]
    assert sum(count for _, count in told["moments"]) == 10
    assert sum(length * count for length, count in told["moments"]) == pytest.approx((36 + 1) * TICKS / (25 * TICKS))


@pytest.mark.parametrize("loop", ["none", "boomerang"])
def test_a_film_that_plays_back_again_is_told_by_its_way_there(loop):
    told = facts(report(output={"loop": loop}))

    assert told["back"] is (loop == "boomerang")
    assert sum(count for _, count in told["moments"]) == 10


def test_costs_add_up_to_what_was_paid():
    services, task = rendered(a_plan(), range(10), keys=[0, 9])
    services.purse.spend(task.job.id, 140_000, job_limit=10**9, day_limit=10**9)
    services.purse.count(task.job.id, made=2)
    assemble_video(task, services)

    page = result(services, a_plan(), layout.REPORT).decode()

    assert "$0.14" in page
    assert "top: $0.14" in page
    assert "$0.70 if every frame were redrawn" in page


def test_an_engine_without_a_fee_has_no_cost_to_plot():
    page = report(style={"engine": "sketch"})

    assert "<h3>Cost</h3>" not in re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    assert "drawn without a model" in page


def test_a_look_whose_figures_mean_nothing_says_so_above_them():
    page = report(style={"engine": "sketch", "preset": "isometric"})

    assert "not judged" in page
    assert page.index("The look isometric is fixed to the screen") < page.index("Warping error")


def test_every_setting_is_listed_and_what_differs_from_its_default_stands_out():
    page = unescape(report(output={"fit": "crop"}, frames={"max_gap": 12}))

    assert "<strong><bdi>crop</bdi></strong>" in page
    assert "<strong><bdi>12</bdi></strong>" in page
    assert re.search(r"min_gap</th><td><bdi>4</bdi>", page)
    assert "<li><bdi>the test</bdi></li>" in page


def test_one_frame_makes_a_page():
    page = report(range(1))

    assert facts(page)["moments"] == [[0.04, 1]]
    assert "1 of 1" in page


def test_a_long_video_makes_a_small_page():
    long = report(range(4000), keys=range(0, 4000, 2), output={"compare": False})
    words = re.sub(r'data:image/jpeg;base64,[^"]*', "", long)

    assert len(words) < 150_000


def test_what_is_measured_of_a_damaged_file_is_no_praise():
    plan = a_plan()
    whole = a_receipt(plan, quality=a_quality())
    torn = whole.model_copy(update={"plan": whole.plan | {"smeared": 3}})

    said = [tiles(Story(plan, a_budget(plan, 10, 10), each, Overview(), {}, [], [])) for each in (whole, torn)]

    assert [str(each).count("as sharp as it was drawn, as far as the damaged file allows") for each in said] == [0, 1]
