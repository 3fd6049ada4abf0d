"""FFmpeg's own log says what its decoder found damaged; what else it says is no damage."""

import itertools

import pytest

from rotoscope.adapters import decode_log
from rotoscope.contracts import Segment
from rotoscope.ports import Damage

INPUT = "[info] Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:clip.mp4':"
COMPLAINT = "[h264 @ 0x2] [error] error while decoding MB 3 1, bytestream -7"
FLAGGED = "[vist#0:0/h264 @ 0x1] [dec:h264 @ 0x9] [warning] corrupt decoded frame"
REFUSED = "[vist#0:0/h264 @ 0x1] [dec:h264 @ 0x9] [error] Error submitting packet to decoder: Invalid data found"
TORN = "[in#0/mpegts @ 0x1] [warning] corrupt input packet in stream 0"
STREAM = "[info]   Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31), yuv420p(progressive), 128x96 [SAR 1:1 DAR]"
MISSED = "[h264 @ 0x2] [error] Missing reference picture, default is 65724"
LOST = "[mov,mp4,m4a,3gp,3g2,mj2 @ 0x1] [error] Element at 0x7c8c exceeds its master"


def packet(pts):
    return f"[vist#0:0/h264 @ 0x1] [info] demuxer -> ist_index:0:0 type:video pkt_pts:{pts} pkt_pts_time:0 duration:1"


def frame(pts, key=0, kind=2):
    return (
        f"[vist#0:0/h264 @ 0x1] [dec:h264 @ 0x9] [info] decoder -> pts:{pts} pts_time:0.1 pkt_dts:0 duration:1 "
        f"keyframe:{key} frame_type:{kind} time_base:1/12800"
    )


def found(*lines, start=0, end=100):
    damage = Damage()
    decode_log.read([INPUT, *lines], Segment(index=0, start_pts=start, end_pts=end, seeks=[]), damage)
    return list(damage.pictures), list(damage.places)


def spread(*lines, start=0, end=100):
    """Of pictures of 8 x 6 blocks."""
    damage = Damage()
    segment = Segment(index=0, start_pts=start, end_pts=end, seeks=[])
    decode_log.read([INPUT, STREAM, *lines], segment, damage)
    return list(damage.smeared), list(damage.spoilt)


def concealing(blocks, kind):
    return f"[h264 @ 0x2] [info] concealing {blocks} DC, {blocks} AC, {blocks} MV errors in {kind} frame"


def test_what_decodes_without_a_word_is_intact():
    assert found(*map(packet, range(4)), frame(0, 1), *map(frame, range(1, 4))) == ([], [])


def test_a_complaint_is_of_the_next_frame_that_comes_out():
    assert found(frame(0, 1), frame(1), COMPLAINT, COMPLAINT, frame(2), frame(3)) == ([2], [2])


def test_where_the_decoder_flags_pictures_its_complaints_about_them_do_not_count_again():
    pictures, places = found(frame(0, 1), COMPLAINT, frame(1), frame(2), FLAGGED, frame(3))

    assert len(pictures) == 1
    assert places == [1, 3]


def test_a_packet_that_the_decoder_refuses_is_a_missing_picture():
    assert found(frame(0, 1), COMPLAINT, REFUSED, frame(2)) == ([], [0, 2])
    assert found(REFUSED, REFUSED, start=7) == ([], [7])


def test_before_the_first_key_frame_nothing_can_be_decoded():
    assert found(COMPLAINT, frame(0), FLAGGED, frame(1), COMPLAINT, REFUSED, frame(2, 1), frame(3)) == ([], [])
    assert found(FLAGGED, frame(0, 1), frame(1)) == ([0], [0])


def test_only_the_segment_itself_is_looked_at():
    assert found(frame(0, 1), COMPLAINT, frame(4), COMPLAINT, frame(5), COMPLAINT, frame(9), start=5, end=9) == (
        [5],
        [5],
    )


def test_what_is_complained_of_last_is_of_the_last_frame():
    assert found(frame(0, 1), frame(1), COMPLAINT) == ([1], [1])


def test_a_torn_packet_is_damage_unless_a_key_frame_follows_as_where_recordings_are_joined():
    frames = [frame(0, 1), *map(frame, range(1, 5))]

    assert found(packet(0), TORN, *map(packet, range(1, 5)), *frames) == ([2], [2])
    assert found(packet(0), TORN, *map(packet, range(1, 5)), *frames[:3], frame(3, 1), frame(4)) == ([], [])
    assert found(packet(0), packet(1), TORN, packet(2), *frames) == ([], [])


def test_where_the_container_lost_something_no_picture_is_called_damaged():
    assert found(packet(0), LOST, packet(5), frame(0, 1), frame(5)) == ([], [5])


def test_what_the_file_says_of_itself_is_no_complaint():
    title = f"[info]     title           : {COMPLAINT}"

    assert found(frame(0, 1), title, "[aac @ 0x5] [error] channel element 1.0", frame(1)) == ([], [])


def test_a_failure_quotes_errors_alone_as_they_are_without_a_trace():
    log = [packet(0), COMPLAINT, "", FLAGGED, frame(1)]

    assert decode_log.told("\n".join(log)) == "[h264 @ 0x2] error while decoding MB 3 1, bytestream -7"


def test_what_builds_on_a_broken_picture_is_smeared_up_to_the_next_key_frame():
    after = [frame(3), frame(4), frame(5, 1), frame(6)]

    assert spread(frame(0, 1), frame(1), COMPLAINT, concealing(4, "P"), FLAGGED, frame(2), *after) == ([3, 4], [])


def test_a_picture_that_is_predicted_both_ways_spoils_no_other():
    assert spread(frame(0, 1), concealing(48, "B"), FLAGGED, frame(1, kind=3), frame(2)) == ([], [])


@pytest.mark.parametrize(("blocks", "spoilt"), [(24, []), (25, [0, 1, 2])])
def test_a_key_frame_of_which_more_than_half_is_broken_spoils_all_that_build_on_it(blocks, spoilt):
    key = (concealing(blocks, "I"), FLAGGED, frame(0, 1, kind=1))

    assert spread(*key, frame(1), frame(2), frame(3, 1)) == ([1, 2], spoilt)


def test_no_single_break_but_of_a_key_frame_spoils_what_follows_and_many_do():
    broken = [(concealing(24, "P"), FLAGGED, frame(pts)) for pts in range(1, 4)]

    assert spread(frame(0, 1), concealing(48, "P"), FLAGGED, frame(1), frame(2)) == ([2], [])
    assert spread(frame(0, 1), *itertools.chain(*broken), frame(4)) == ([4], [3, 4])


def test_what_is_concealed_before_it_comes_out_is_of_that_picture():
    lines = [frame(0, 1), concealing(48, "P"), concealing(40, "B"), FLAGGED, frame(1, kind=3), FLAGGED, frame(2)]

    assert spread(*lines, concealing(4, "P"), FLAGGED, frame(3)) == ([], [3])


def test_a_missing_reference_counts_once_however_often_it_is_complained_of():
    missed = [line for pts in range(1, 9) for line in (MISSED, frame(pts, kind=3))]

    assert spread(frame(0, 1), *missed, frame(9), frame(10, 1)) == ([9], [])


def test_a_decoder_that_does_not_say_how_much_it_lost_must_complain_often():
    complained = [line for pts in range(1, 6) for line in (COMPLAINT, frame(pts))]

    assert spread(frame(0, 1), *complained, frame(6)) == ([6], [1, 2, 3, 4, 5, 6])
    assert spread(frame(0, 1), *complained[:2], frame(6)) == ([6], [1])


def test_a_segment_is_smeared_by_what_broke_before_it():
    assert spread(frame(0, 1), concealing(9, "P"), FLAGGED, frame(1), *map(frame, range(2, 9)), start=5, end=7) == (
        [5, 6],
        [],
    )


def test_what_probing_conceals_is_not_counted():
    damage = Damage()
    log = [concealing(48, "I"), INPUT, STREAM, concealing(8, "I"), FLAGGED, frame(0, 1, kind=1), frame(1)]

    decode_log.read(log, Segment(index=0, start_pts=0, end_pts=9, seeks=[]), damage)

    assert (list(damage.smeared), list(damage.spoilt)) == ([1], [])
