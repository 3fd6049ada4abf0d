"""CloudFormation templates: reading them and evaluating their intrinsic functions."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import yaml  # type: ignore[import-untyped]

_SUBSTITUTION = re.compile(r"\$\{(!?)([^}]+)\}")


class TemplateError(Exception):
    """The template asks for something that CloudFormation, or this deployer, does not know."""


class _NoValue:
    """AWS::NoValue: what refers to it disappears."""


NO_VALUE = _NoValue()


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """YAML with CloudFormation's short forms (`!Ref`) and dates left as text."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        scalar = loader.construct_scalar(node)
        return {name: str(scalar).split(".", 1) if suffix == "GetAtt" else scalar}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _short_form)


def parse(text: str) -> dict[str, Any]:
    """A template from its JSON or YAML text."""
    try:
        body = json.loads(text)
    except ValueError:
        try:
            body = yaml.load(text, Loader=_Loader)
        except yaml.YAMLError as error:
            raise TemplateError(f"Template format error: {error}") from error
    if not isinstance(body, dict) or not isinstance(body.get("Resources"), dict):
        raise TemplateError("Template format error: At least one Resources member must be defined.")
    return body


class Evaluator:
    """Evaluates a template's values; `attribute(logical id, name or None)` gives GetAtt and Ref of resources."""

    def __init__(
        self,
        template: Mapping[str, Any],
        *,
        parameters: Mapping[str, Any],
        pseudo: Mapping[str, str],
        exports: Mapping[str, str],
        attribute: Callable[[str, str | None], Any],
    ) -> None:
        self._conditions = template.get("Conditions", {})
        self._mappings = template.get("Mappings", {})
        self._known = {**pseudo, **parameters}
        self._exports = exports
        self._attribute = attribute

    def value(self, node: Any) -> Any:
        """The node with every intrinsic function replaced by its value."""
        if isinstance(node, dict):
            function = self._function(node)
            return function(next(iter(node.values()))) if function else self._mapping(node)
        if isinstance(node, list):
            return [item for item in map(self.value, node) if item is not NO_VALUE]
        if isinstance(node, str) and "{{resolve:" in node:
            raise TemplateError(f"dynamic references are not emulated: {node}")
        return node

    def condition(self, name: str) -> bool:
        """Whether the named condition holds."""
        if name not in self._conditions:
            raise TemplateError(f"Template error: unresolved condition {name}")
        return bool(self.value(self._conditions[name]))

    def wanted(self, item: Mapping[str, Any]) -> bool:
        """Whether a resource's or an output's condition lets it exist."""
        return "Condition" not in item or self.condition(item["Condition"])

    def _mapping(self, node: dict[str, Any]) -> dict[str, Any]:
        pairs = ((key, self.value(item)) for key, item in node.items())
        return {key: item for key, item in pairs if item is not NO_VALUE}

    def _function(self, node: dict[str, Any]) -> Callable[[Any], Any] | None:
        if len(node) != 1:
            return None
        name = next(iter(node))
        if name == "Condition" and isinstance(node[name], str) and node[name] in self._conditions:
            return self.condition
        if name != "Ref" and not name.startswith("Fn::"):
            return None
        method = getattr(self, "_" + name.removeprefix("Fn::").lower(), None)
        if method is None:
            raise TemplateError(f"intrinsic function {name} is not emulated")
        return method  # type: ignore[no-any-return]

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        return self._known[name] if name in self._known else self._attribute(name, None)

    def _getatt(self, target: Any) -> Any:
        logical_id, attribute = target.split(".", 1) if isinstance(target, str) else target
        return self._attribute(logical_id, self.value(attribute))

    def _sub(self, argument: Any) -> str:
        text, extra = argument if isinstance(argument, list) else (argument, {})
        local = {name: self.value(item) for name, item in extra.items()}

        def replaced(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return "${" + name + "}"
            if name in local:
                return str(local[name])
            return str(self._getatt(name) if "." in name and name not in self._known else self._ref(name))

        return _SUBSTITUTION.sub(replaced, text)

    def _join(self, argument: list[Any]) -> str:
        separator, items = argument
        return str(separator).join(str(item) for item in self.value(items))

    def _split(self, argument: list[Any]) -> list[str]:
        return str(self.value(argument[1])).split(argument[0])

    def _select(self, argument: list[Any]) -> Any:
        return self.value(argument[1])[int(self.value(argument[0]))]

    def _if(self, argument: list[Any]) -> Any:
        name, yes, no = argument
        return self.value(yes if self.condition(name) else no)

    def _equals(self, argument: list[Any]) -> bool:
        left, right = (self.value(item) for item in argument)
        return str(left) == str(right)

    def _and(self, argument: list[Any]) -> bool:
        return all(self.value(item) for item in argument)

    def _or(self, argument: list[Any]) -> bool:
        return any(self.value(item) for item in argument)

    def _not(self, argument: list[Any]) -> bool:
        return not self.value(argument[0])

    def _contains(self, argument: list[Any]) -> bool:
        return self.value(argument[1]) in self.value(argument[0])

    def _findinmap(self, argument: list[Any]) -> Any:
        table, first, second = (self.value(item) for item in argument)
        try:
            return self._mappings[table][first][second]
        except KeyError as error:
            raise TemplateError(f"Template error: Unable to get mapping for {table}::{first}::{second}") from error

    def _importvalue(self, argument: Any) -> str:
        name = self.value(argument)
        if name not in self._exports:
            raise TemplateError(f"No export named {name} found.")
        return self._exports[name]


def references(node: Any) -> set[str]:
    """The names that a node's Ref, Fn::GetAtt and Fn::Sub mention."""
    if isinstance(node, list):
        return set().union(*map(references, node))
    if not isinstance(node, dict):
        return set()
    found = set().union(*map(references, node.values()))
    match node:
        case {"Ref": str(name)}:
            found.add(name)
        case {"Fn::GetAtt": str(target)}:
            found.add(target.split(".", 1)[0])
        case {"Fn::GetAtt": [str(name), *_]}:
            found.add(name)
        case {"Fn::Sub": str(text)} | {"Fn::Sub": [str(text), *_]}:
            found.update(name.split(".", 1)[0] for literal, name in _SUBSTITUTION.findall(text) if not literal)
    return found


def creation_order(resources: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Logical ids, each after everything that it refers to or depends on."""
    waiting = {
        name: (references(body.get("Properties", {})) | _depends_on(body)) & resources.keys() - {name}
        for name, body in resources.items()
    }
    order: list[str] = []
    while waiting:
        ready = [name for name, needed in waiting.items() if not needed - set(order)]
        if not ready:
            raise TemplateError(f"Circular dependency between resources: [{', '.join(sorted(waiting))}]")
        order.extend(ready)
        for name in ready:
            del waiting[name]
    return order


def _depends_on(body: Mapping[str, Any]) -> set[str]:
    named = body.get("DependsOn", [])
    return {named} if isinstance(named, str) else set(named)
