"""The Condition element of a policy statement (IAM user guide, reference_policies_elements_condition_operators)."""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from local.policies.patterns import arn_matches, matches

Context = Mapping[str, str | Sequence[str]]
"""What is known of a request, by condition key."""

Test = Callable[[str, str], bool]
"""(value in the policy, value in the request) -> do they agree?"""


class UnsupportedPolicy(Exception):
    """A policy says something that is not understood here."""


def _number(test: Callable[[float, float], bool]) -> Test:
    return lambda wanted, actual: test(float(actual), float(wanted))


def _date(test: Callable[[datetime, datetime], bool]) -> Test:
    return lambda wanted, actual: test(_moment(actual), _moment(wanted))


def _moment(text: str) -> datetime:
    if text.isdecimal():
        return datetime.fromtimestamp(int(text), UTC)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_TESTS: Mapping[str, Test] = {
    "StringEquals": operator.eq,
    "StringEqualsIgnoreCase": lambda wanted, actual: wanted.lower() == actual.lower(),
    "StringLike": matches,
    # ArnEquals knows wildcards as well: the two behave identically.
    "ArnEquals": arn_matches,
    "ArnLike": arn_matches,
    "Bool": lambda wanted, actual: wanted.lower() == actual.lower(),
    "NumericEquals": _number(operator.eq),
    "NumericLessThan": _number(operator.lt),
    "NumericLessThanEquals": _number(operator.le),
    "NumericGreaterThan": _number(operator.gt),
    "NumericGreaterThanEquals": _number(operator.ge),
    "DateEquals": _date(operator.eq),
    "DateLessThan": _date(operator.lt),
    "DateLessThanEquals": _date(operator.le),
    "DateGreaterThan": _date(operator.gt),
    "DateGreaterThanEquals": _date(operator.ge),
}
_NEGATIONS: Mapping[str, str] = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}


def holds(block: Mapping[str, Mapping[str, object]], context: Context, expand: Callable[[str], str]) -> bool:
    """Whether every condition is met; `expand` fills in policy variables. Unknown operators raise UnsupportedPolicy."""
    known = {key.lower(): (value,) if isinstance(value, str) else tuple(value) for key, value in context.items()}
    return all(
        _holds(name, [expand(value) for value in listed(wanted)], known.get(key.lower(), ()))
        for name, keys in block.items()
        for key, wanted in keys.items()
    )


def listed(value: object) -> list[str]:
    """A policy's "one or a list of them"; JSON's booleans and numbers in the words that requests use."""
    values = value if isinstance(value, list | tuple) else [value]
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in values]


def _holds(name: str, wanted: list[str], actual: tuple[str, ...]) -> bool:
    quantifier, _, plain = name.rpartition(":")
    base = plain.removesuffix("IfExists")
    if plain == "Null" and not quantifier:
        return (not actual) is (wanted == ["true"])
    negated = base in _NEGATIONS
    test = _TESTS.get(_NEGATIONS.get(base, base))
    if test is None or quantifier not in ("", "ForAllValues", "ForAnyValue"):
        raise UnsupportedPolicy(f"condition operator {name}")
    if not actual:
        # A set operator decides first: re:Post shows ForAnyValue:...IfExists refusing what lacks the key.
        return quantifier != "ForAnyValue" and (bool(quantifier) or negated or plain != base)
    return (all if quantifier == "ForAllValues" else any)(
        any(_try(test, name, want, value) for want in wanted) is not negated for value in actual
    )


def _try(test: Test, name: str, wanted: str, actual: str) -> bool:
    try:
        return test(wanted, actual)
    except ValueError as error:
        raise UnsupportedPolicy(f"condition {name} of {actual!r} and {wanted!r}: {error}") from error
