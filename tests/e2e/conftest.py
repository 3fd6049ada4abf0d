"""One local cloud with the real stack in it, deployed once by the real CDK command line."""

import json
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.cli import deploying
from local.cli.account import STACK
from local.cloud import LocalCloud
from rotoscope import layout

MAIL = "you@example.com"
FAST = {"style": {"engine": "sketch", "preset": "pixel-art"}, "output": {"compare": False}}
PATIENCE_S = 150


@dataclass
class World:
    """The deployed stack, and what its user and operator do."""

    cloud: LocalCloud
    outputs: dict[str, str]
    work_dir: Path

    @property
    def inbox(self) -> str:
        return self.outputs["InboxBucket"]

    @property
    def studio(self) -> str:
        return self.outputs["StudioBucket"]

    @property
    def machine(self) -> str:
        return self.outputs["StateMachineArn"]

    def client(self, service: str) -> Any:
        return self.cloud.client(service)

    def drop(self, key: str, body: bytes | Path, settings: dict[str, Any] | None = None) -> str:
        """Uploads settings and video; the job's id."""
        s3 = self.client("s3")
        if settings is not None:
            s3.put_object(Bucket=self.inbox, Key=layout.sidecar(key), Body=json.dumps(settings))
        content = body.read_bytes() if isinstance(body, Path) else body
        answer = s3.put_object(Bucket=self.inbox, Key=key, Body=content)
        return layout.job_id(self.inbox, key, answer["VersionId"])

    def execution(self, job: str) -> dict[str, Any]:
        """The execution that owns a job, once it has ended."""
        table, states = self.client("dynamodb"), self.client("stepfunctions")
        claim = {"pk": {"S": f"job#{job}"}, "sk": {"S": "claim"}}
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            item = table.get_item(TableName=self.outputs["LedgerTable"], Key=claim, ConsistentRead=True).get("Item")
            if item:
                found = states.describe_execution(executionArn=item["execution"]["S"])
                if found["status"] != "RUNNING":
                    return dict(found)
            time.sleep(0.3)
        raise AssertionError(f"the job {job} did not end within {PATIENCE_S} s")

    def mails(self, *, about: str, at_least: int = 1) -> list[dict[str, Any]]:
        """Mails that name a file or a job, waiting a moment for them."""
        until = time.monotonic() + 20
        while True:
            with urllib.request.urlopen(f"{self.cloud.url}/_rotoscope/mails") as answer:
                mails = json.load(answer)
            found = [mail for mail in mails if about in json.dumps(mail, ensure_ascii=False)]
            if len(found) >= at_least or time.monotonic() > until:
                return found
            time.sleep(0.2)

    def results(self, job: str) -> dict[str, bytes]:
        """The finished files of a job by name."""
        s3 = self.client("s3")
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=self.studio, Prefix=layout.RESULTS)
        keys = [thing["Key"] for page in pages for thing in page.get("Contents", []) if f"/{job}/" in thing["Key"]]
        return {key.partition(f"/{job}/")[2]: s3.get_object(Bucket=self.studio, Key=key)["Body"].read() for key in keys}

    def receipt(self, job: str) -> dict[str, Any]:
        return dict(json.loads(self.results(job)["receipt.json"]))

    def meter(self) -> dict[str, float]:
        return self.cloud.meter.lines()

    def states(self, execution: str) -> list[str]:
        """Names of the states that an execution entered, in order."""
        pages = self.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=execution)
        events = [event for page in pages for event in page["events"]]
        return [event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event]


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    work_dir = tmp_path_factory.mktemp("cloud")
    with LocalCloud(work_dir, region="us-west-2") as cloud:
        deploying.deploy(cloud.url, cloud.environment(), mail=MAIL, tell=lambda words: None)
        stack = cloud.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        yield World(cloud, outputs, work_dir)


@pytest.fixture
def armed(world: World) -> Iterator[Any]:
    """Arms faults in the models' stand-in, and disarms them afterwards."""

    def arm(**fault: Any) -> None:
        _faults(world, "POST", fault)

    yield arm
    _faults(world, "DELETE", None)


def _faults(world: World, method: str, fault: dict[str, Any] | None) -> None:
    body = json.dumps(fault).encode() if fault else None
    request = urllib.request.Request(f"{world.cloud.url}/_rotoscope/faults", body, method=method)
    urllib.request.urlopen(request).read()


def put_to(url: str, body: bytes) -> str:
    """An HTTP PUT to a presigned URL, as a browser does it; the version id."""
    request = urllib.request.Request(url, body, method="PUT")
    with urllib.request.urlopen(request) as answer:
        return str(answer.headers["x-amz-version-id"])
