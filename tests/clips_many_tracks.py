"""Clips in which the sound begins before the picture, and clips with many tracks in an unusual order."""

import functools
from pathlib import Path

from rotoscope.adapters.ffmpeg import run
from tests import clips
from tests.clips_sound import beeping
from tests.clips_texts import SRT
from tests.clips_trouble import noise, remuxed

RED = SRT.replace("<i>words</i>", '<font color="#ff0000">red</font> words')


@functools.cache
def late_picture(late_s: float, container: str = "mkv") -> Path:
    """Four seconds of sound from 0; the picture begins later."""
    target, whole = clips.path(f"late-{late_s}.{container}"), beeping("to-be-late.mp4")
    streams = ["-map", "0:v", "-map", "1:a", "-c", "copy"]
    run(["-itsoffset", str(late_s), "-i", str(whole), "-i", str(whole), *streams, str(target)])
    return target


@functools.cache
def many_tracks() -> Path:
    """In this order: AAC, a subtitle, FLAC, the picture, a subtitle in colours, PCM."""
    target, whole = clips.path("many-tracks.mkv"), beeping("to-be-many.mp4", seconds=2)
    texts = [clips.written(f"many-{name}.srt", body.encode()) for name, body in (("plain", SRT), ("red", RED))]
    sources = ["-i", str(whole), *(word for text in texts for word in ("-i", str(text)))]
    order = [word for which in ("0:a", "1:s", "0:a", "0:v", "2:s", "0:a") for word in ("-map", which)]
    sounds = ["-c:a:0", "aac", "-c:a:1", "flac", "-c:a:2", "pcm_s16le"]
    run([*sources, *order, "-c", "copy", *sounds, "-c:s", "copy", "-t", "2", str(target)])
    return target


@functools.cache
def holed_sound_first() -> Path:
    """The sound lies before the picture in the file, and one of its packets is noise."""
    target = clips.path("sound-first.mkv")
    run(["-i", str(beeping("to-turn-round.mp4")), "-map", "0:a", "-map", "0:v", "-c", "copy", str(target)])
    return remuxed("holed-first.mkv", target, lambda packet, number: noise(packet) if number == 60 else packet)
