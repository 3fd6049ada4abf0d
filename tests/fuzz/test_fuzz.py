"""A share of the fuzz run, so that every change meets some damaged files; `make fuzz` runs thousands."""

import pytest

from tests.fuzz import corpus, mutations
from tests.fuzz.driving import verdicts
from tests.fuzz.trial import tried

SHARE = range(10_000, 10_040)
REFUSED = {name for name in corpus.NAMES if name.startswith(("playlist", "script", "drawing", "polyglot.ts"))}


@pytest.mark.treats(
    "a file that is damaged anywhere, in any format", "ends in a whole result or in a refusal with a sentence"
)
@pytest.mark.timeout(280)
def test_damaged_files_end_in_a_result_or_in_a_sentence():
    found = list(verdicts(SHARE, workers=2))

    assert [verdict for verdict in found if verdict["wrong"]] == []
    assert {verdict["seed"] for verdict in found} == set(SHARE)
    assert {"result", "NotAVideo", "TruncatedVideo"} <= {verdict["ended"] for verdict in found}


@pytest.mark.parametrize("name", corpus.NAMES)
def test_the_whole_file_of_every_kind_goes_through_or_is_refused_by_its_name(name):
    outcome = tried(corpus.whole(name), name)

    assert outcome.wrong == ""
    assert outcome.ended == ("NotAVideo" if name in REFUSED else "result"), outcome.says


def test_a_seed_is_a_file():
    assert mutations.mutant(17) == mutations.mutant(17)
    assert mutations.mutant(17).body != corpus.whole(mutations.mutant(17).name)
    assert ".ts" in mutations.mutant(17, ".ts").name


def test_a_worker_that_dies_is_named_and_the_next_seed_goes_on():
    found = list(verdicts(range(2), workers=1, only="no such kind"))

    assert [verdict["ended"] for verdict in found] == ["died", "died"]
    assert all("crashed" in verdict["wrong"] for verdict in found)


def test_a_worker_that_hangs_is_ended():
    (found,) = verdicts([0], workers=1, limit_s=0.01)

    assert "ran past" in found["wrong"]
