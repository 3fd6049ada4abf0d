"""Loudspeakers: none of a source's voices is lost where an encoder knows fewer arrangements."""

import pytest

from rotoscope.adapters.channels import AAC, OPUS, SPEAKERS, differs, nearest


@pytest.mark.parametrize(
    ("speakers", "aac", "opus"),
    [
        ("FC", "mono", "mono"),
        ("FL FR", "stereo", "stereo"),
        ("DL DR", "stereo", "stereo"),
        ("FL FR LFE", "5.1", "5.1"),
        ("FL FR FC", "3.0", "3.0"),
        ("FL FR BL BR", "5.0", "quad"),
        ("FL FR SL SR", "5.0", "quad"),
        ("FL FR FC LFE", "5.1", "5.1"),
        ("FL FR FC LFE BC", "5.1", "5.1"),
        ("FL FR FC LFE BL BR", "5.1", "5.1"),
        ("FL FR FC LFE SL SR", "5.1", "5.1"),
        ("FL FR FC LFE BC SL SR", "7.1", "7.1"),
        ("FL FR FC LFE BL BR SL SR", "7.1", "7.1"),
        ("FL FR FC LFE BL BR SL SR TFL TFR TBL TBR", "7.1", "7.1"),
        ("AMBI0 AMBI1 AMBI2 AMBI3", "stereo", "stereo"),
    ],
)
def test_every_voice_gets_a_loudspeaker_if_there_is_one(speakers, aac, opus):
    assert (nearest(speakers.split(), AAC), nearest(speakers.split(), OPUS)) == (aac, opus)


@pytest.mark.parametrize("offered", [AAC, OPUS])
def test_what_an_encoder_knows_stays_as_it_is(offered):
    for name in offered:
        assert nearest(SPEAKERS[name].split(), offered) == name
        assert not differs(SPEAKERS[name].split(), name)


def test_side_or_back_is_no_difference_worth_telling_but_another_number_is():
    assert not differs(["FL", "FR", "FC", "LFE", "SL", "SR"], "5.1")
    assert differs(["FL", "FR", "LFE"], "5.1")
