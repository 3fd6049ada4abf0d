"""The app factory: command line, tests and plain `python app.py` all get the same app."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

from infra.pipeline_stack import PipelineStack
from infra.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
LOCAL_HOSTS = ("localhost", "127.0.0.1")


def make_app(
    context: Mapping[str, object] | None = None,
    environment: Mapping[str, str] = os.environ,
    outdir: Path | None = None,
    validate: bool | None = None,
) -> cdk.App:
    """The app with its one stack. `context` wins over cdk.json, and the command line's `-c` over both.

    `validate` switches CDK's own template validation, which takes seconds; None leaves it to CDK.
    """
    app = cdk.App(
        context={**_cdk_json_context(), **(context or {})},
        outdir=str(outdir) if outdir else None,
        builtin_cloud_formation_validation=validate,
    )
    settings = Settings.from_context(app.node.get_all_context())
    to_laptop = _is_laptop(environment.get("AWS_ENDPOINT_URL", ""))
    PipelineStack(app, settings.stack_name, settings=settings, root=ROOT, third_party_layers=not to_laptop)
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return app


def _cdk_json_context() -> dict[str, object]:
    context: dict[str, object] = json.loads((ROOT / "cdk.json").read_text())["context"]
    return context


def _is_laptop(endpoint: str) -> bool:
    """There the virtual environment stands for the layers' arm64 wheels, which could not run."""
    return urlsplit(endpoint).hostname in LOCAL_HOSTS
