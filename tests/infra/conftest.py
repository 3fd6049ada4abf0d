"""One synthesis for all tests of the stack, and a view on its template that a person can read."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from infra.app import make_app

AS_THE_CLI_BUT_WITHOUT_WHEELS = {"aws:cdk:enable-path-metadata": True, "aws:cdk:bundling-stacks": []}
EVERYTHING_ELSE = {
    "engine": "sdxl",
    "sdxl_endpoint": "My-SDXL",
    "sdxl_dialect": "jumpstart",
    "bedrock_region": "us-east-1",
    "daily_cost_usd": "12.5",
    "memory_ceiling_mb": "1536",
    "results_days": "30",
    "segment_megapixels": "99",
}
ON_THE_LAPTOP = {"AWS_ENDPOINT_URL": "http://localhost:4566"}


class Synthesised:
    """A template, with resources called by the path of their construct: `PlanJob/Function`, `Storage/Inbox`."""

    def __init__(self, template: dict[str, Any]) -> None:
        self.template = template
        self.names = {logical: _path(resource) for logical, resource in template["Resources"].items()}

    def resources(self, kind: str) -> dict[str, dict[str, Any]]:
        """Whole resources of one type, by path."""
        found = self.template["Resources"].items()
        return {self.names[logical]: resource for logical, resource in found if resource["Type"] == kind}

    def properties(self, kind: str) -> dict[str, dict[str, Any]]:
        """Their properties, by path, with intrinsic functions as text."""
        return {path: self.text(found.get("Properties", {})) for path, found in self.resources(kind).items()}

    def text(self, value: Any) -> Any:
        """The value with `Ref`, `GetAtt` and `Join` written as one would say them."""
        match value:
            case {"Ref": name}:
                return self.names.get(name, name.removeprefix("AWS::"))
            case {"Fn::GetAtt": [name, _]}:
                return self.names[name]
            case {"Fn::Join": [separator, parts]}:
                return separator.join(self.text(part) for part in parts)
            case dict():
                return {key: self.text(inner) for key, inner in value.items()}
            case list():
                return [self.text(inner) for inner in value]
        return value

    def statements(self, role: str) -> Iterator[dict[str, Any]]:
        """What the policies of one role allow; the role by its path."""
        for policy in self.properties("AWS::IAM::Policy").values():
            if policy["Roles"] == [role]:
                yield from policy["PolicyDocument"]["Statement"]

    def functions(self) -> dict[str, dict[str, Any]]:
        """Functions by their task's name."""
        found = self.properties("AWS::Lambda::Function")
        return {path.removesuffix("/Function"): properties for path, properties in found.items()}


def _path(resource: dict[str, Any]) -> str:
    path: str = resource["Metadata"]["aws:cdk:path"]
    return path.removeprefix("Rotoscope/").removesuffix("/Resource").removesuffix("/DefaultPolicy")


Synthesise = Callable[..., Synthesised]


@pytest.fixture(scope="session")
def synthesise(tmp_path_factory: pytest.TempPathFactory) -> Synthesise:
    """What `cdk synth` would write, without wheels; takes context and environment."""

    def synth(context: dict[str, object] | None = None, environment: dict[str, str] | None = None) -> Synthesised:
        outdir = tmp_path_factory.mktemp("cdk.out")
        try:
            app = make_app(
                {**AS_THE_CLI_BUT_WITHOUT_WHEELS, **(context or {})}, environment or {}, outdir, validate=False
            )
            return Synthesised(app.synth().stacks[0].template)
        except RuntimeError as error:
            # CDK's engine wrote the reason to stderr; a trace through its generated sources takes pytest minutes.
            pytest.fail(f"the app cannot be synthesised: {error}", pytrace=False)

    return synth


@pytest.fixture(scope="session")
def stack(synthesise: Synthesise) -> Synthesised:
    """The stack as it is deployed to an account, with default settings."""
    return synthesise()


@pytest.fixture(scope="session")
def laptop_stack(synthesise: Synthesise) -> Synthesised:
    """The stack as it is deployed to the laptop."""
    return synthesise(environment=ON_THE_LAPTOP)


@pytest.fixture(scope="session")
def adjusted_stack(synthesise: Synthesise) -> Synthesised:
    """The stack with every setting away from its default."""
    return synthesise(EVERYTHING_ELSE)
