"""What no format can hold is refused in words that say exactly what to set instead."""

import json
import re

import pytest

from rotoscope import mails
from rotoscope.errors import SettingsInvalid
from rotoscope.format_limits import refuse_unwritable
from rotoscope.ports import KEEPS_ALPHA, Tally
from rotoscope.settings import resolve
from tests.builders import a_job

LARGE = 7680, 4320


def refusal(formats: list[str], size: tuple[int, int] = LARGE, *, alpha: bool = False) -> str:
    with pytest.raises(SettingsInvalid) as refused:
        refuse_unwritable(formats, size, alpha)
    return str(refused.value)


def test_every_format_can_be_1080p_and_mp4_8k() -> None:
    refuse_unwritable(KEEPS_ALPHA, (1920, 1080), alpha=True)
    refuse_unwritable(["hevc"], (3840, 2160))
    refuse_unwritable(["mp4", "webp", "frames", "keys"], (8192, 4608), alpha=True)


@pytest.mark.treats("8K as WebM, HEVC or GIF", "refused before anything is paid, with the formats and size that do")
def test_a_size_that_some_formats_cannot_have_is_refused_with_what_to_set() -> None:
    assert refusal(["mp4", "webm"]) == (
        "7680x4320 is no size for webm (at most 9.4 megapixels). "
        'Set "output": {"formats": ["mp4"]} or "output": {"size": "4096x2304"}.'
    )
    assert refusal(["mp4", "gif", "keys", "hevc"]) == (
        "7680x4320 is no size for gif (at most 9.4 megapixels), hevc (at most 9.4 megapixels). "
        'Set "output": {"formats": ["mp4", "keys"]} or "output": {"size": "4096x2304"}.'
    )


@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize("size", [LARGE, (4320, 7680), (8192, 4096), (8192, 1300), (6001, 4001)])
@pytest.mark.parametrize("formats", [["webm"], ["mp4", "hevc", "webm", "gif", "prores"], ["keys", "gif"]])
def test_what_the_refusal_says_to_set_is_what_can_be_made(
    formats: list[str], size: tuple[int, int], alpha: bool
) -> None:
    said = refusal(formats, size, alpha=alpha)

    ways = re.findall(r'{"(?:formats|size)": [^}]*}', said)
    assert len(ways) == 2
    first, second = (resolve([("the advice", {"output": json.loads(way)})]).output for way in ways)
    width, height = map(int, second.size.split("x"))
    refuse_unwritable(first.formats, size, alpha)
    refuse_unwritable(formats, (width, height), alpha)
    assert width / height == pytest.approx(size[0] / size[1], rel=0.002)


def test_transparency_takes_room() -> None:
    refuse_unwritable(["webm"], (4096, 2304))

    said = refusal(["webm", "mp4"], (4096, 2304), alpha=True)

    assert said.startswith("4096x2304 is no size for webm (at most 4.7 megapixels).")


def test_the_mail_asks_for_other_settings_not_for_another_file() -> None:
    said = refusal(["webm"])

    text = mails.failed(a_job(), said, "", Tally(), error=SettingsInvalid.__name__).text

    assert said in text
    assert "mended file" not in text
    assert "After mending what is wrong, drop it again" in text
