"""JSONPath: parsed once each."""

from functools import cache

from moto.stepfunctions.parser.asl.component.common.path import result_path
from moto.stepfunctions.parser.asl.utils import json_path

from local.cloud import replacing


def parse_once() -> None:
    """moto parses a path anew each time it is used, which takes about a millisecond."""
    for module in (result_path, json_path):
        replacing.replace(module, "parse", cache(replacing.original(module, "parse")))
