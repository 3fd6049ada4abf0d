"""What a text file is, and what is told to somebody who uploads something that is no video.

Playlists and scripts name other files and addresses for a player to open. None of them is ever opened here.
"""

_INSTEAD = "Please upload a video, for example MP4, MOV, WebM, MKV or GIF."
NO_VIDEO = f"This is not a video file. {_INSTEAD}"
SOUND_ONLY = "The file holds only sound, no picture. Please upload a video."
_LIST = "It names other files or addresses and holds no pictures itself. Please upload the video that it plays."

REFUSALS = {
    "HLS": f"The file is a playlist (HLS, M3U). {_LIST}",
    "DASH": f"The file is a streaming manifest (DASH or Smooth Streaming). {_LIST}",
    "concat": f"The file is a list of files for FFmpeg. {_LIST}",
    "playlist": f"The file is a playlist. {_LIST}",
    "SDP": f"The file describes a stream (SDP). {_LIST}",
    "drawing": f"The file is a drawing (SVG), not a video. {_INSTEAD}",
    "web page": "The file is a web page: probably a download saved the page instead of the video. "
    "Please download the video again and upload it.",
    "document": f"The file is a document, not a video. {_INSTEAD}",
    "text": f"This is not a video file but text. {_INSTEAD}",
    "sound": SOUND_ONLY,
    "still picture": "The file is one still picture. Please upload a video, an animated GIF, WebP or PNG, "
    "or a zip of pictures.",
    "archive": "The file is an archive. Please unpack it and upload the video, or pack pictures as a zip.",
    "other video": "The file is in a video format that is not taken. Please convert it to MP4, MOV, WebM or MKV.",
}
"""By kind, a sentence and what to do."""

_FIRST_WORDS = {
    "#extm3u": "HLS",
    "ffconcat": "concat",
    "[playlist]": "playlist",
    "[reference]": "playlist",
    "rtsptext": "playlist",
    "v=0\r": "SDP",
    "v=0\n": "SDP",
    "%pdf-": "document",
    "{\\rtf": "document",
}
_TAGS = {
    "<mpd": "DASH",
    "<smoothstreamingmedia": "DASH",
    "<asx": "playlist",
    "<smil": "playlist",
    "<playlist": "playlist",
    "<wpl": "playlist",
    "<svg": "drawing",
    "<html": "web page",
    "<!doctype html": "web page",
}
_LOOKED_AT = 4096
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def script_of(head: bytes) -> str:
    """A key of REFUSALS for text that means something to a player or a reader, empty for anything else."""
    text = _text(head)
    named = next((kind for words, kind in _FIRST_WORDS.items() if text.startswith(words)), "")
    if named:
        return named
    if text.startswith("<"):
        return next((kind for tag, kind in _TAGS.items() if tag in text), "document")
    return ""


def plain_text(head: bytes) -> str:
    """The key "text" where nothing else is in it: a video has zeros and control characters everywhere."""
    text = _text(head)
    odd = any(ord(letter) < 32 and letter not in "\t\r\n\f\x1b" for letter in text)
    return "text" if text and not odd else ""


def _text(head: bytes) -> str:
    mark = next((mark for mark in _MARKS if head.startswith(mark)), b"")
    return head[len(mark) : _LOOKED_AT].decode(_MARKS.get(mark, "latin-1"), errors="replace").lstrip().lower()
