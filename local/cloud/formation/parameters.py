"""A stack's parameters: defaults, the types that matter, and what a value may be."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from local.cloud.formation.template import TemplateError

_SSM_VALUE = re.compile(r"AWS::SSM::Parameter::Value<(.+)>")


def resolved(
    template: Mapping[str, Any], given: Mapping[str, str], ssm: Callable[[str], str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The values that Ref sees, and the texts that DescribeStacks shows."""
    declared = template.get("Parameters", {})
    unknown = given.keys() - declared.keys()
    if unknown:
        raise TemplateError(f"Parameters: [{', '.join(sorted(unknown))}] do not exist in the template")
    missing = [name for name, body in declared.items() if name not in given and "Default" not in body]
    if missing:
        raise TemplateError(f"Parameters: [{', '.join(missing)}] must have values")
    texts = {name: str(given.get(name, body.get("Default"))) for name, body in declared.items()}
    for name, body in declared.items():
        _check(name, texts[name], body)
    return {name: _value(texts[name], body["Type"], ssm) for name, body in declared.items()}, texts


def _value(text: str, kind: str, ssm: Callable[[str], str]) -> Any:
    if matched := _SSM_VALUE.fullmatch(kind):
        text, kind = ssm(text), matched[1]
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        return [item.strip() for item in text.split(",")]
    return text


def _check(name: str, text: str, body: Mapping[str, Any]) -> None:
    if "AllowedValues" in body and text not in map(str, body["AllowedValues"]):
        allowed = ", ".join(map(str, body["AllowedValues"]))
        raise TemplateError(f"Parameter '{name}' must be one of AllowedValues [{allowed}]")
    if "AllowedPattern" in body and not re.fullmatch(body["AllowedPattern"], text):
        explained = body.get("ConstraintDescription", f"must match pattern {body['AllowedPattern']}")
        raise TemplateError(f"Parameter '{name}' {explained}")
    if not int(body.get("MinLength", 0)) <= len(text) <= int(body.get("MaxLength", 1 << 20)):
        raise TemplateError(f"Parameter '{name}' is too short or too long")
