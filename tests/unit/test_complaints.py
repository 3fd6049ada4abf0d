"""FFmpeg's own lines, as it wrote them, in plain words."""

import pytest

from rotoscope.complaints import last_line, plain_words, unreadable

SAID = {
    "[mov,mp4,m4a,3gp,3g2,mj2 @ 0x1f4dfe00] moov atom not found\nError opening input: Invalid data found": "index",
    "[matroska,webm @ 0x2b] 0x00 at pos 0 (0x0) invalid as first byte of an EBML number": "index",
    "[h264 @ 0x2cc] non-existing PPS 1 referenced\n[h264 @ 0x2cc] no frame!": "damaged",
    "[vist#0:0/av1 @ 0x3d] [dec:libdav1d @ 0x3d] Error submitting packet to decoder: Invalid data found": "damaged",
    "[mpeg1video @ 0x2] ac-tex damaged at 3 2": "damaged",
    "[gif @ 0x1] LZW decode failed": "damaged",
    "[aac @ 0x1] channel element 0.0 is not allocated": "sound",
    "[vorbis @ 0x1]  Vorbis setup header packet corrupt (codebooks). ": "sound",
    "[in#0/mov @ 0x1] Decoding requested, but no decoder found for: none": "codec",
    "Error submitting packet to decoder: Not yet implemented in FFmpeg, patches welcome": "feature",
    "[h264 @ 0x1] [IMGUTILS @ 0x7] Picture size 9x9 exceeds specified max pixel count 1\nget_buffer() failed": "size",
    "[h264 @ 0x10] get_buffer() failed\n[h264 @ 0x10] decode_slice_header error": "memory",
    "Error submitting video frame to the encoder: Cannot allocate memory": "memory",
    "FFmpeg was killed, probably for its memory (SIGKILL).": "memory",
    "av_interleaved_write_frame(): No space left on device": "room",
    "FFmpeg wrote more than it may.": "room",
    "FFmpeg ran past its time limit.": "too long",
    "FFmpeg crashed (SIGABRT).": "damaged",
    "[mov @ 0x1] stream 0, offset 0x30: partial file": "too early",
    "Format not on whitelist 'mov,matroska'": "list of other files",
    "[asf @ 0x1] DRM protected stream detected, decoding will likely fail!": "protected",
    "Stream map '0:V:0' matches no streams.": "no picture",
    "Impossible to convert between the formats supported by the filter 'a' and the filter 'b'": "pixel format",
    "Application provided invalid, non monotonically increasing dts to muxer in stream 0: 5 >= 5": "time stamps",
}


@pytest.mark.treats("a file that FFmpeg fails over", "the mail says what its error lines mean, and quotes the last one")
@pytest.mark.parametrize(("line", "word"), SAID.items())
def test_what_ffmpeg_says_becomes_a_sentence(line, word):
    meaning = plain_words(line)

    assert word in meaning
    assert meaning.endswith(".")
    assert "@" not in meaning


def test_what_is_not_known_is_not_guessed():
    assert plain_words("Segment 3: 4 frames did not come") == ""
    assert unreadable("???") == "The video cannot be read. Please export or record it again and upload the new file."


def test_the_last_line_is_kept_for_the_operator_without_addresses_and_repetitions():
    said = "FFmpeg ended with 1.\n[h264 @ 0x2cc5f300] no frame!\n    Last message repeated 3 times\n"

    assert last_line(said) == "[h264] no frame!"
    assert last_line("") == ""
