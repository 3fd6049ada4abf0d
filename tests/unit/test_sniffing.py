"""A file's first bytes say what it is, and what is told to somebody whose file is no video."""

import struct

import pytest

from rotoscope.adapters.scripts import REFUSALS
from rotoscope.adapters.sniffing import DEMUXERS, HEAD_BYTES, PICTURES, demuxer_of, format_of, sniffed
from rotoscope.errors import NotAVideo

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(17)
ACTL = b"\0\0\0\x08acTL" + bytes(12)
IDAT = b"\0\0\0\x04IDAT" + bytes(8)
LARGE_PROFILE = struct.pack(">I4s", 9_000, b"iCCP") + bytes(9_004)
MXF = bytes.fromhex("060e2b34020501010d010201010204000000")


def webp(kind, flags=0):
    return b"RIFF\x64\0\0\0WEBP" + kind + struct.pack("<IB", 10, flags) + bytes(20)


def packets(stride, before, count=9, junk=0):
    return bytes(junk) + (bytes(before) + b"G" + bytes(stride - before - 1)) * count


KINDS = {
    "MP4": (b"\0\0\0\x20ftypisom", "mov"),
    "QuickTime without ftyp": (b"\0\0\0\x08wide\0\0\1\0mdat", "mov"),
    "Matroska": (b"\x1aE\xdf\xa3\xa3", "matroska"),
    "AVI": (b"RIFF\0\0\0\0AVI LIST", "avi"),
    "FLV": (b"FLV\x01\x05", "flv"),
    "Ogg": (b"OggS\0\x02", "ogg"),
    "GIF": (b"GIF89a\x10\0\x10\0", "gif"),
    "IVF": (b"DKIF\0\0\x20\0VP90", "ivf"),
    "Y4M": (b"YUV4MPEG2 W96 H64 F25:1\n", "yuv4mpegpipe"),
    "DV": (b"\x1f\x07\0\x3f" + bytes(80), "dv"),
    "MPEG-PS": (b"\0\0\x01\xba\x44", "mpeg"),
    "MPEG-PS after junk": (b"\1\2\0\3" * 9 + b"\0\0\x01\xba\x44" * 2, "mpeg"),
    "MPEG-2": (b"\0\0\x01\xb3\x06", "mpegvideo"),
    "MPEG-TS": (packets(188, 0), "mpegts"),
    "MPEG-TS of a camcorder": (packets(192, 4), "mpegts"),
    "MPEG-TS with error correction": (packets(204, 0), "mpegts"),
    "MPEG-TS, three packets": (packets(188, 0, 3), "mpegts"),
    "MPEG-TS from the middle of a packet": (packets(188, 0, 12, junk=77), "mpegts"),
    "MXF": (MXF, "mxf"),
    "MXF after a run-in": (b"\1" * 999 + MXF, "mxf"),
    "APNG": (PNG + ACTL + IDAT, "apng"),
    "APNG with a colour profile": (PNG + LARGE_PROFILE + ACTL + IDAT, "apng"),
    "zip": (b"PK\x03\x04\x14", "zip"),
    "animated WebP": (webp(b"VP8X", 2), "webp"),
    "still WebP": (webp(b"VP8X", 16), "still picture"),
    "lossless still WebP": (webp(b"VP8L", 2), "still picture"),
    "PNG": (PNG + IDAT + ACTL, "still picture"),
    "JPEG": (b"\xff\xd8\xff\xe0\0\x10JFIF", "still picture"),
    "HEIC": (b"\0\0\0\x18ftypheic", "still picture"),
    "BMP": (b"BM\x36\0\x01\0\0\0\0\0", "still picture"),
    "WAV": (b"RIFF\0\0\0\0WAVEfmt ", "sound"),
    "MP3 with tags": (b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + b"\xff\xfb\x90\0", "sound"),
    "MP3": (b"\xff\xfb\x90\x44\0\0", "sound"),
    "AAC": (b"\xff\xf1\x50\x80", "sound"),
    "FLAC": (b"fLaC\0\0\0\x22", "sound"),
    "HLS": (b"#EXTM3U\n#EXT-X-VERSION:3\n", "HLS"),
    "HLS after a mark and blank lines": (b"\xef\xbb\xbf\r\n \n#EXTM3U\n", "HLS"),
    "HLS in UTF-16": ("\ufeff#EXTM3U\n".encode("utf-16-le"), "HLS"),
    "ffconcat": (b"ffconcat version 1.0\nfile 'a'\n", "concat"),
    "DASH": (b'<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011">', "DASH"),
    "SVG": (b'<?xml version="1.0"?><!-- x --><svg width="9"/>', "drawing"),
    "ASX": (b'<ASX version="3.0"><entry><ref href="http://a/"/>', "playlist"),
    "PLS": (b"[playlist]\nFile1=http://a/\n", "playlist"),
    "ASF reference": (b"[Reference]\r\nRef1=http://a/\r\n", "playlist"),
    "SDP": (b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n", "SDP"),
    "HTML": (b"\n<!DOCTYPE html><html>", "web page"),
    "PDF": (b"%PDF-1.7\n", "document"),
    "other XML": (b"<?xml version='1.0'?><note/>", "document"),
    "text": (b"Hello,\nthis is no video.\n", "text"),
    "7z": (b"7z\xbc\xaf\x27\x1c", "archive"),
    "RealMedia": (b".RMF\0\0\0\x12", "other video"),
    "zeros": (bytes(5000), "unknown"),
    "noise": (bytes((n * n * 37 + n) % 251 for n in range(5000)), "unknown"),
}


@pytest.mark.parametrize(("head", "kind"), KINDS.values(), ids=KINDS.keys())
def test_the_first_bytes_say_what_a_file_is(head, kind):
    assert format_of(head) == kind


@pytest.mark.treats(
    "a playlist, script, page, document, sound or still picture", "refused with a sentence that names it"
)
@pytest.mark.parametrize(("head", "kind"), [each for each in KINDS.values() if each[1] not in DEMUXERS + PICTURES])
def test_what_is_no_video_is_refused_by_its_name(head, kind):
    with pytest.raises(NotAVideo) as refused:
        sniffed(head)

    assert str(refused.value) == REFUSALS.get(kind, str(refused.value))
    assert "Please" in str(refused.value)


def test_an_empty_file_is_called_empty():
    with pytest.raises(NotAVideo, match="The file is empty"):
        sniffed(b"")


POLYGLOTS = {
    "a playlist that is an MP4 to players": (b"\0\0\0\x20ftypisom#EXTM3U\nfile:///etc/passwd\n", "mov"),
    "an MP4 box named like a drawing": (b"<svgftypisom<svg xmlns=''>", "mov"),
    "a GIF with a zip behind it": (b"GIF89a" + bytes(50) + b"PK\x03\x04PK\x05\x06", "gif"),
    "a playlist with a transport stream behind it": (b"#EXTM3U\n".ljust(188) + packets(188, 0), "HLS"),
    "a playlist as an MXF file's run-in": (b"#EXTM3U\nhttp://127.0.0.1/\n" + MXF, "HLS"),
}


@pytest.mark.treats("a file that is two things at once", "read as the one that it begins as, by that demuxer alone")
@pytest.mark.parametrize(("head", "kind"), POLYGLOTS.values(), ids=POLYGLOTS.keys())
def test_a_file_that_is_two_things_is_the_one_that_it_begins_as(head, kind):
    assert format_of(head) == kind


@pytest.mark.parametrize("length", range(0, 40))
def test_any_beginning_of_any_head_has_an_answer(length):
    kinds = {format_of(head[:length]) for head, _ in KINDS.values()}

    assert kinds <= {*DEMUXERS, *PICTURES, *REFUSALS, "unknown"}
    assert len(MXF) < HEAD_BYTES


@pytest.mark.parametrize(
    ("container", "demuxer"), [("mp4", "mov"), ("matroska", "matroska"), ("webm", "matroska"), ("zip", None)]
)
def test_a_container_has_one_demuxer_or_none(container, demuxer):
    assert demuxer_of(container) == demuxer
