"""Measured pairs of frames, each complete by default: as steady as their source."""

from typing import Any

from rotoscope.segment_contracts import QualitySample, SegmentQuality


def a_sample(index: int = 0, shot: int = 0, **changes: Any) -> QualitySample:
    """Of frame `index` and the next of its shot."""
    facts = {
        "source_warp": 2e-4,
        "result_warp": 2e-4,
        "source_flicker": 0.5,
        "result_flicker": 0.5,
        "sharpness": 10.0,
        "structure": 0.8,
        "shift": (3.0, 4.0, 0.0),
    }
    return QualitySample.model_validate({"index": index, "shot": shot, **facts, **changes})


def measured(*samples: QualitySample, keys: dict[int, float] | None = None, segment: int = 0) -> SegmentQuality:
    """What one segment measured; `keys` are the sharpnesses of its keys."""
    return SegmentQuality(segment=segment, samples=list(samples), key_sharpness=keys or {})
