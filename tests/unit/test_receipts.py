"""The receipt is complete and true."""

from datetime import datetime
from fractions import Fraction

import pytest

from rotoscope import receipts
from rotoscope.contracts import AssembleVideoInput, Budget, Listing
from rotoscope.ports import Joined, Tally
from tests.builders import STARTED, a_job, a_plan, a_source

BUDGET = Budget(
    entered="2026-11-20T12:00:30Z",
    source_frames=100,
    frames=50,
    duplicates=5,
    shots=2,
    keys=10,
    own=1,
    estimated_usd=0.7,
    estimated_minutes=0.5,
    last_duration=512,
)


def at(seconds):
    return f"2026-11-20T12:{seconds // 60:02}:{seconds % 60:02}.500Z"


def test_every_state_has_its_time_and_they_add_up_to_the_total():
    task = AssembleVideoInput(
        job=a_job(),
        segments=Listing(key="x", count=1),
        entered={
            "PlanJob": {"at": STARTED},
            "AnalyzeSegments": {"at": at(10)},
            "ExtractFrames": {"at": at(40)},
            "StylizeFrames": {"at": at(50)},
            "RenderSegments": {"at": at(80)},
        },
        reviewed=at(70),
        now=at(100),
    )

    times = receipts.times(a_plan(), BUDGET, task, datetime.fromisoformat("2026-11-20T12:02:00Z"))

    assert list(times) == [*receipts.ORDER, "total"]
    assert times["AnalyzeSegments"] == 19.5
    assert times["AssembleVideo"] == 19.5
    assert times["total"] == 120
    assert sum(times.values()) - times["total"] == pytest.approx(120)


def test_model_and_pipeline_are_priced_apart():
    tally = Tally(made=10, filtered=1, throttled=2, usd_micros=700_000, gb_ms=3_000_000, tasks=40)

    cost = receipts.cost(BUDGET, tally, segments=2)

    assert (cost.estimated_model_usd, cost.model_usd) == (0.7, 0.7)
    assert cost.pipeline_usd == pytest.approx(3000 * 0.0000133334 + 40 * 0.2e-6 + 87 * 25e-6 + 50 * 10.8e-6, abs=1e-6)


def test_a_job_that_called_nobody_still_costs_its_machines():
    cost = receipts.cost(BUDGET, Tally(), segments=1)

    assert cost.model_usd == 0
    assert cost.pipeline_usd > 0


def test_calls_are_the_ledgers_counters_and_the_filled_frames():
    counted = receipts.calls(Tally(made=9, filtered=2, retried=3, throttled=4, lost=1, unaffordable=5), {4: 0, 8: 12})

    assert counted.model_dump() == {
        "made": 9,
        "cached": None,
        "filtered": 2,
        "retried": 3,
        "throttled": 4,
        "lost": 1,
        "unaffordable": 5,
        "filled": 2,
    }


@pytest.mark.parametrize(("rate", "said"), [(Fraction(30000, 1001), "30000/1001"), (None, "variable")])
def test_the_sources_rate_is_exact_or_said_to_vary(rate, said):
    facts = receipts.source_facts(a_plan(source=a_source(frame_rate=rate)), BUDGET)

    assert facts["frame_rate"] == said
    assert "keyframes" not in facts
    assert facts["frame_count"] == 100


def test_what_was_done_differently_than_one_might_think_is_said_once():
    source = a_source(width=63, interlaced=True, audio=[{"index": 0, "codec": "aac", "channels": 2, "sample_rate": 1}])

    said = receipts.notes(a_plan(source=source, output={"fps": 9}), BUDGET, ["Opus became AAC."])

    assert said[0] == "Opus became AAC."
    assert [word for word in ("Sound was dropped", "interlaced", "odd") if any(word in note for note in said)] == [
        "Sound was dropped",
        "interlaced",
        "odd",
    ]
    assert len(said) == 4


def test_nothing_unusual_needs_no_note():
    assert receipts.notes(a_plan(), BUDGET, []) == []


def test_what_choosing_the_keys_had_to_say_comes_first():
    budget = BUDGET.model_copy(update={"notes": ["Wider gaps than usual."]})

    assert receipts.notes(a_plan(), budget, ["x"]) == ["Wider gaps than usual.", "x"]


def test_the_plan_is_told_in_numbers():
    worn = BUDGET.model_copy(update={"damaged": 3, "missing": 2, "smeared": 40, "spoilt": 9})

    assert receipts.plan_facts(worn, 3) == {
        "source_frames": 100, "frames": 50, "duplicates": 5, "shots": 2, "keys": 10, "own": 1, "segments": 3,
        "damaged": 3, "missing": 2, "smeared": 40,
    }  # fmt: skip


def test_a_file_is_described_by_what_lies_on_the_disk(tmp_path):
    path = tmp_path / "out.mp4"
    path.write_bytes(b"abc")

    output = receipts.output(path, "dance.mp4", Joined(10, 64, 36, 0.400049, ["aac"]))

    assert output.bytes == 3
    assert output.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert (output.duration_s, output.audio) == (0.4, ("aac",))


def test_both_passes_count_for_the_states_that_they_entered():
    at = "2026-11-20T12:00:{:02d}Z".format
    entered = {
        "PlanJob": {"at": at(0)},
        "AnalyzeSegments": {"at": at(2)},
        "ExtractFrames": {"at": at(20)},
        "StylizeFrames": {"at": at(21)},
        "RenderSegments": {"at": at(30)},
        "FirstPass": {"ExtractFrames": at(5), "StylizeFrames": at(7), "ReviewFrames": at(19)},
    }
    task = AssembleVideoInput(
        job=a_job(), segments=Listing(key="", count=1), entered=entered, reviewed=at(28), now=at(35)
    )

    spent = receipts.times(
        a_plan().model_copy(update={"started": at(0)}),
        BUDGET.model_copy(update={"entered": at(4)}),
        task,
        datetime.fromisoformat(at(40)),
    )

    assert spent == {
        "PlanJob": 2, "AnalyzeSegments": 2, "BudgetCalls": 1, "ExtractFrames": 3, "StylizeFrames": 19,
        "ReviewFrames": 3, "RenderSegments": 5, "AssembleVideo": 5, "total": 40,
    }  # fmt: skip
