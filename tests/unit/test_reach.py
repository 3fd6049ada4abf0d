"""How far a look follows the motion: few frames are held, and a clip in pieces is drawn like the whole."""

import weakref

import numpy as np
import pytest

from rotoscope.motion.propagation import Key, propagate
from rotoscope.reach import LASTING, REACH
from tests.moving import a_pan, a_world, duotone, moody


def a_key(index, source, picture, present=True):
    return Key(index=index, source=source, picture=picture, present=present)


def numbered(sources, first, last):
    """The frames strictly between two indices."""
    return [(index, sources[index]) for index in range(first + 1, last)]


def test_the_same_clip_in_pieces_gives_the_same_pictures():
    last = 3 * REACH
    sources = a_pan(last + 1, speed=0.5, width=64, height=40)
    left, right = (a_key(index, sources[index], moody(sources[index], index)) for index in (0, last))
    whole = dict(propagate(numbered(sources, 0, last), left, right))
    cut = REACH + 5

    head = dict(propagate(numbered(sources, 0, cut), left, a_key(last, right.source, right.picture, present=False)))
    tail = dict(propagate(numbered(sources, cut - 1, last), a_key(0, left.source, left.picture, present=False), right))

    pieces = head | tail
    assert list(pieces) == list(whole)
    assert [index for index, picture in whole.items() if not np.array_equal(picture, pieces[index])] == []


def test_no_more_frames_are_held_than_motion_is_chained_over_however_far_apart_the_keys_are():
    alive: list[weakref.ref] = []
    held = []

    def frames(sources):
        for index, source in enumerate(sources, start=1):
            given = source.copy()
            alive.append(weakref.ref(given))
            yield index, given
            del given
            held.append(sum(reference() is not None for reference in alive))

    world = a_world(48, 48)
    left, right = a_key(0, world, duotone(world)), a_key(101, world, duotone(world))

    for _ in propagate(frames([world] * 100), left, right):
        pass

    assert len(held) == 100
    assert max(held) <= REACH + 2


@pytest.mark.parametrize("held", [False, True], ids=["a late frame", "a frame held for long"])
def test_motion_is_not_followed_over_a_long_time_so_a_segment_need_not_decode_it(held):
    sources = a_pan(6, speed=2.0)
    far = 3 * LASTING
    frames = [(1, sources[1]), (2 if held else far, sources[2])]
    lasts = {2: far} if held else {}
    left = a_key(0, sources[0], moody(sources[0], seed=1))
    apart = a_key(0, left.source, left.picture, present=False)

    drawn = list(propagate(frames, left, None, lasts))
    alone = list(propagate(frames[1:], apart, None, lasts))

    assert np.array_equal(drawn[1][1], alone[0][1])
    assert not np.array_equal(drawn[0][1], next(propagate(frames, apart, None))[1])


def test_after_a_key_that_is_held_colours_cross_over_from_where_it_ends():
    still = np.full((40, 60, 3), 120, np.uint8)
    dark, light = np.full_like(still, 50), np.full_like(still, 210)

    [(_, drawn)] = propagate([(91, still)], a_key(0, still, dark), a_key(98, still, light), {0: 90})

    assert abs(drawn.mean() - (50 + 160 / 8)) < 2
