"""What is known of the two request contracts that SDXL endpoints speak."""

from typing import Literal

Dialect = Literal["stability", "jumpstart"]

JUMPSTART_SAMPLERS = {
    "K_DPMPP_2M": "DPMPP2MSampler",
    "K_DPMPP_2S_ANCESTRAL": "DPMPP2SAncestralSampler",
    "K_EULER": "EulerEDMSampler",
    "K_EULER_ANCESTRAL": "EulerAncestralSampler",
    "K_HEUN": "HeunEDMSampler",
    "K_LMS": "LinearMultistepSampler",
}
"""Stability's sampler names as JumpStart's container knows them; it has none for the others."""

SDXL_PROMPT = 2000
"""Characters of a text that SDXL takes."""
