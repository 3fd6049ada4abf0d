"""Files that would make a careless player open something else, and canaries that tell whether anybody did."""

import ctypes
import functools
import os
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from rotoscope.adapters.ffmpeg import run
from tests import clips

IN_OPEN = 0x20


class Canary:
    """A file and an address that nobody has any business with."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.asked: list[str] = []
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._watch = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        assert self._libc.inotify_add_watch(self._watch, os.fsencode(file), IN_OPEN) >= 0
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_error(404)

            def log_message(self, format: str, *args: object) -> None:
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/canary.mp4"

    def is_touched(self) -> bool:
        """Whether the file was opened or the address asked since the last time."""
        try:
            opened = bool(os.read(self._watch, 4096))
        except BlockingIOError:
            opened = False
        asked = bool(self.asked)
        self.asked.clear()
        return opened or asked

    def close(self) -> None:
        self.server.server_close()
        os.close(self._watch)


@contextmanager
def canary(folder: Path) -> Iterator[Canary]:
    """The file is a whole video, so that nothing but the guards keeps it from being read."""
    file = folder / "canary.ts"
    file.write_bytes(clips.clip("canary.ts", frames=24, audio=None).read_bytes())
    bird = Canary(file)
    thread = threading.Thread(target=bird.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield bird
    finally:
        bird.server.shutdown()
        thread.join()
        bird.close()


def hls(bird: Canary) -> bytes:
    segments = "".join(f"#EXTINF:1,\n{where}\n" for where in (bird.file, f"file://{bird.file}", bird.url))
    return f"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n{segments}#EXT-X-ENDLIST\n".encode()


def ffconcat(bird: Canary) -> bytes:
    return f"ffconcat version 1.0\nfile '{bird.file}'\nfile '{bird.url}'\n".encode()


def dash(bird: Canary) -> bytes:
    return f"""<?xml version="1.0"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT1S"><Period><AdaptationSet
 mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>{bird.url}</BaseURL></Representation>
<Representation id="2" bandwidth="1"><BaseURL>file://{bird.file}</BaseURL></Representation>
</AdaptationSet></Period></MPD>""".encode()


def svg(bird: Canary) -> bytes:
    pictures = f'<image href="file://{bird.file}"/><image href="{bird.url}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="96" height="64">{pictures}</svg>'.encode()


def asf_reference(bird: Canary) -> bytes:
    return f"[Reference]\r\nRef1={bird.url}\r\nRef2=file://{bird.file}\r\n".encode()


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def _rewritten(body: bytes, dref: bytes) -> bytes:
    """The boxes of an MP4, those on the way to every `dref` made longer or shorter for the new one."""
    out, offset = b"", 0
    while offset < len(body):
        length, kind = struct.unpack_from(">I4s", body, offset)
        content = body[offset + 8 : offset + length]
        if kind in (b"moov", b"trak", b"mdia", b"minf", b"dinf"):
            content = _rewritten(content, dref)
        out += _box(kind, dref if kind == b"dref" else content)
        offset += length
    return out


def _alias(path: Path) -> bytes:
    """A Macintosh alias record: fixed part, then tagged values; tag 2 and 18 hold the path."""
    name = path.name.encode()[:62]
    fixed = struct.pack(">4sHH", bytes(4), 150, 2) + bytes(2) + bytes([4]) + b"disk".ljust(27, b"\0") + bytes(12)
    fixed += bytes([len(name)]) + name.ljust(63, b"\0") + bytes(16) + struct.pack(">hh", 0, 0) + bytes(16)
    where = str(path).encode()
    tagged = b"".join(struct.pack(">hH", tag, len(where)) + where + bytes(len(where) % 2) for tag in (2, 18))
    return fixed + tagged + struct.pack(">hH", -1, 0) + bytes(64)


def external_mov(bird: Canary, kind: str) -> bytes:
    """A QuickTime file whose samples lie in another file (`alis`) or at an address (`url `)."""
    body = clips.clip("dref.mov", frames=12, audio=None).read_bytes()
    entry = {"alis": _alias(bird.file), "url ": bird.url.encode() + b"\0", "urn ": b"\0" + bird.url.encode() + b"\0"}
    reference = _box(kind.encode(), bytes(4) + entry[kind])
    return _rewritten(body, bytes(4) + struct.pack(">I", 1) + reference)


def linked_matroska(bird: Canary) -> bytes:
    """NextFilename (RFC 9559, 5.1.2.6) in the place of a title of the right length."""
    url = bird.url.encode()
    target = clips.path("titled.mkv")
    run(["-i", str(clips.clip()), "-c", "copy", "-metadata", f"title={'t' * (len(url) + 1)}", str(target)])
    body = target.read_bytes()
    titled = b"\x7b\xa9" + bytes([0x80 | (len(url) + 1)])
    assert titled in body
    return body.replace(titled + b"t" * (len(url) + 1), b"\x3e\x83\xbb" + bytes([0x80 | len(url)]) + url)


def attached_matroska(bird: Canary) -> bytes:
    """A playlist as an attachment, and subtitles that call for it as their font."""
    listing = clips.written("attached.m3u8", hls(bird))
    target = clips.path("attached.mkv")
    kind = ["-metadata:s:t", "mimetype=application/x-truetype-font", "-metadata:s:t", f"filename={bird.file}"]
    run(["-i", str(clips.clip()), "-attach", str(listing), *kind, "-c", "copy", str(target)])
    return target.read_bytes()


def gab2_avi(bird: Canary) -> bytes:
    """Subtitles inside an AVI (GAB2) that are a playlist: what a published attack did."""
    body = bytearray(clips.clip("gab2.avi", codec="mpeg2", audio="pcm", frames=24).read_bytes())
    at = body.index(b"auds")
    body[at : at + 4] = b"txts"
    listing = hls(bird)
    gab = b"GAB2\0" + struct.pack("<HI", 2, 0) + struct.pack("<HI", 4, len(listing)) + listing
    chunk = body.index(b"01wb", body.index(b"movi"))
    (length,) = struct.unpack_from("<I", body, chunk + 4)
    assert len(gab) <= length, "the sound's first chunk has to be large enough"
    body[chunk + 2 : chunk + 4] = b"tx"
    body[chunk + 8 : chunk + 8 + len(gab)] = gab
    return bytes(body)


def run_in_mxf(bird: Canary) -> bytes:
    """A playlist before the beginning of an MXF file."""
    return hls(bird) + clips.clip("run-in.mxf", codec="mpeg2", rate="25", audio=None).read_bytes()


def hidden_playlist(bird: Canary) -> bytes:
    """An MP4 box first, then a playlist."""
    return _box(b"free", b"\n") + hls(bird)


FILES = {
    "HLS": hls,
    "concat script": ffconcat,
    "DASH": dash,
    "SVG": svg,
    "ASF reference": asf_reference,
    "MOV with an alias": functools.partial(external_mov, kind="alis"),
    "MOV with a URL": functools.partial(external_mov, kind="url "),
    "MOV with a URN": functools.partial(external_mov, kind="urn "),
    "linked Matroska": linked_matroska,
    "Matroska with attachments": attached_matroska,
    "AVI with a playlist as subtitles": gab2_avi,
    "MXF after a playlist": run_in_mxf,
    "playlist in a box": hidden_playlist,
}
"""Name -> what makes it, given a canary."""
