"""What there is beside the picture: sound and subtitles. Film set."""

from av.audio.stream import AudioStream
from av.stream import Stream
from av.subtitles.stream import SubtitleStream

from rotoscope.adapters.opening import legible
from rotoscope.contracts import AudioTrack, SubtitleTrack

UNKNOWN = "unknown"
"""The codec of a track that FFmpeg cannot decode."""


def audio_track(stream: AudioStream) -> AudioTrack:
    """Of a codec that is unknown here there are neither channels nor a rate."""
    context = stream.codec_context
    return AudioTrack(
        index=stream.index,
        codec=context.codec.canonical_name if context else UNKNOWN,
        channels=context.channels if context else 0,
        sample_rate=context.sample_rate if context else 0,
        language=_language(stream),
    )


def subtitle_track(stream: SubtitleStream) -> SubtitleTrack:
    """Text or pictures, as FFmpeg knows the codec."""
    context = stream.codec_context
    return SubtitleTrack(
        index=stream.index,
        codec=context.codec.canonical_name if context else UNKNOWN,
        text=bool(context and context.codec.text_sub),
        language=_language(stream),
    )


def _language(stream: Stream) -> str | None:
    return None if stream.language in (None, "", "und") else legible(stream.language)
