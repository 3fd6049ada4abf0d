"""What a rule sends to a target."""

import json

import pytest

from local.cloud.delivery import target_input

EVENT = {"source": "aws.s3", "detail": {"object": {"key": 'a "b"', "size": 5}, "parts": [{"n": 1}]}}


def test_a_plain_target_gets_the_whole_event():
    assert json.loads(target_input({}, EVENT)) == EVENT


def test_a_constant_input_is_sent_as_it_is():
    assert target_input({"Input": '{"a": 1}'}, EVENT) == '{"a": 1}'


def test_an_input_path_sends_a_part():
    assert json.loads(target_input({"InputPath": "$.detail.object"}, EVENT)) == {"key": 'a "b"', "size": 5}


@pytest.mark.parametrize(
    ("template", "sent"),
    [
        ('{"key": <key>, "size": <size>}', {"key": 'a "b"', "size": 5}),
        ('"The file <key> has <size> bytes"', 'The file a "b" has 5 bytes'),
        ('{"first": <first>, "missing": <missing>}', {"first": 1, "missing": None}),
        ('{"event": <aws.events.event>}', {"event": EVENT}),
    ],
)
def test_a_transformer_fills_its_template(template, sent):
    paths = {
        "key": "$.detail.object.key",
        "size": "$.detail.object.size",
        "first": "$.detail.parts[0].n",
        "missing": "$.detail.nothing",
    }

    text = target_input({"InputTransformer": {"InputPathsMap": paths, "InputTemplate": template}}, EVENT)

    assert json.loads(text) == sent
