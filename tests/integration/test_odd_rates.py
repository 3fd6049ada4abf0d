"""Pictures that come slowly or very fast are encoded one by one, as any others."""

from fractions import Fraction

import numpy as np
import pytest

from rotoscope.adapters.ffmpeg_write import FfmpegEncoder


@pytest.mark.treats(
    "a video of fewer than 5 or more than 100 frames a second", "encoded frame for frame like any other"
)
@pytest.mark.parametrize("form", ["mp4", "webm"])
@pytest.mark.parametrize(
    "rate", [Fraction(1, 2), Fraction(75, 19), Fraction(4), Fraction(120), Fraction(13_220_243, 512)]
)
def test_a_part_of_any_rate_takes_its_pictures_as_they_come(form, rate, tmp_path):
    with FfmpegEncoder(timeout_s=20).open(tmp_path / f"part.{form}", form, (96, 64), rate) as part:
        for number in range(12):
            part.write(np.full((64, 96, 3), 20 * number, np.uint8))

        assert part.close() == 12
