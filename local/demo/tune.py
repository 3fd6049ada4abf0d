"""A few bars for two plucked strings and the sea, synthesised."""

import numpy as np
from numpy import typing as npt

RATE = 44_100
BEAT_S = 0.36
MELODY = ("F#5", "A5", "D6", "B5", "A5", "F#5", "E5", "D5")
BASS = (("D3", "A3"), ("G3", "B3"), ("A3", "E4"), ("D3", "A3"))

Samples = npt.NDArray[np.float64]
"""Mono (n,) or stereo (n, 2), within -1 .. 1."""

_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def played(seconds: float) -> Samples:
    """The tune in stereo, faded out at its end."""
    length = round(seconds * RATE)
    left, right = np.zeros(length), np.zeros(length)
    for beat, note in enumerate(MELODY):
        _add(left, right, beat * BEAT_S, pluck(pitch(note), 1.6, brightness=0.6), pan=0.65, gain=0.5)
    for pair, notes in enumerate(BASS):
        for step, note in enumerate(notes):
            _add(left, right, (2 * pair + step) * BEAT_S, pluck(pitch(note), 2.4, brightness=0.25), pan=0.3, gain=0.7)
    stereo = _echo(np.stack((left, right), axis=1)) + 0.05 * _sea(length)
    fade = np.clip((length - np.arange(length)) / (0.35 * RATE), 0, 1)[:, None]
    return np.asarray(np.tanh(stereo * 0.9 / np.abs(stereo).max()) * fade)


def pitch(note: str) -> float:
    """Hertz of a note such as F#5, tuned to A4 = 440."""
    step = _STEPS[note[0]] + ("#" in note) + 12 * (int(note[-1]) + 1)
    return float(440 * 2 ** ((step - 69) / 12))


def pluck(hertz: float, seconds: float, *, brightness: float) -> Samples:
    """A plucked string as a sum of partials: the higher, the softer, the sooner gone, and a little too high."""
    time = np.arange(round(seconds * RATE)) / RATE
    sound = np.zeros_like(time)
    for partial in range(1, 13):
        stretched = hertz * partial * (1 + 2e-4 * partial**2)
        if stretched < RATE / 2.5:
            weight = brightness ** (partial - 1) * np.sin(np.pi * partial / 5.3)
            sound += weight * np.sin(2 * np.pi * stretched * time) * np.exp(-time * (1.8 + 0.9 * partial))
    attack = np.clip(time / 0.004, 0, 1)
    return np.asarray(sound * attack / np.abs(sound).max())


def _add(left: Samples, right: Samples, start_s: float, sound: Samples, *, pan: float, gain: float) -> None:
    """Mixes a sound in; `pan` is 0 for left .. 1 for right, at equal power."""
    start = round(start_s * RATE)
    sound = sound[: max(0, len(left) - start)] * gain
    left[start : start + len(sound)] += sound * np.cos(pan * np.pi / 2)
    right[start : start + len(sound)] += sound * np.sin(pan * np.pi / 2)


def _echo(stereo: Samples) -> Samples:
    """The harbour wall answers, sides swapped."""
    out = stereo.copy()
    for repeat, delay_s in enumerate((0.17, 0.31, 0.47), start=1):
        delay = round(delay_s * RATE)
        out[delay:] += 0.3**repeat * stereo[: len(stereo) - delay, ::-1]
    return out


def _sea(length: int) -> Samples:
    """Two slow swells of soft noise."""
    noise = np.random.default_rng(7).standard_normal((length + 400, 2)).cumsum(axis=0)
    soft = noise[400:] - noise[:-400]
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * np.arange(length) / (1.7 * RATE))[:, None]
    return np.asarray(soft / np.abs(soft).max() * swell)
