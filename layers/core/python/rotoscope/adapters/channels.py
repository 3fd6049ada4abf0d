"""Where the loudspeakers of a sound go when an encoder knows fewer arrangements than the source's."""

from collections.abc import Sequence

SPEAKERS = {
    "mono": "FC",
    "stereo": "FL FR",
    "3.0": "FL FR FC",
    "4.0": "FL FR FC BC",
    "quad": "FL FR BL BR",
    "5.0": "FL FR FC BL BR",
    "5.1": "FL FR FC LFE BL BR",
    "6.1": "FL FR FC LFE BC SL SR",
    "7.1": "FL FR FC LFE BL BR SL SR",
}
"""FFmpeg's names of arrangements, and of their loudspeakers, in order."""

AAC = ("mono", "stereo", "3.0", "4.0", "5.0", "5.1", "7.1")
"""Those with a number of their own in AAC (ISO/IEC 14496-3, table 1.19); players know few others."""
OPUS = ("mono", "stereo", "3.0", "quad", "5.0", "5.1", "7.1")
"""Those of mapping family 1 (RFC 7845, 5.1.1.2) but 6.1, of which FFmpeg exchanges four loudspeakers."""

UNNAMED = {1: "mono", 2: "stereo", 3: "3.0", 4: "quad", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}
"""What so many channels without a name are taken for."""

_ALIKE = {"DL": "FL", "DR": "FR"}
"""A stereo that was mixed down for a decoder which makes surround of it again."""


def nearest(speakers: Sequence[str], offered: Sequence[str]) -> str:
    """The smallest arrangement that has a loudspeaker for each of the source's; else that with the most of them."""
    wanted = _behind({_ALIKE.get(each, each) for each in speakers})
    best = max(offered, key=lambda name: _fit(wanted, set(SPEAKERS[name].split())))
    return best if wanted & set(SPEAKERS[best].split()) else "stereo"


def _fit(wanted: set[str], have: set[str]) -> tuple[float, int]:
    """How many keep a loudspeaker, and few silent ones. The one at the back is heard from the two beside it as well."""
    shared = 0.5 if "BC" in wanted - have and {"BL", "BR"} <= have else 0
    return len(wanted & have) + shared, -len(have - wanted)


def differs(speakers: Sequence[str], name: str) -> bool:
    """Whether an arrangement is another one than the source's, beyond what its loudspeakers are called."""
    return _behind({_ALIKE.get(each, each) for each in speakers}) != set(SPEAKERS[name].split())


def _behind(speakers: set[str]) -> set[str]:
    """Two at the side are the two behind where there are no others: 5.1(side) is played like 5.1."""
    sides = {"SL": "BL", "SR": "BR"}
    if {"BL", "BR", "BC"} & speakers or not sides.keys() <= speakers:
        return speakers
    return {sides.get(each, each) for each in speakers}
