"""A stack's jobs: who owns them in the ledger, how their executions do, what they cost so far."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from local.cli import progress
from local.cli.account import Account, Stack
from local.cli.errors import WrongUse
from local.cli.progress import JobProgress
from rotoscope import layout

SEARCHED = 100
"""How many of the latest executions are looked through for a job that nobody has claimed."""


@dataclass(frozen=True)
class JobView:
    """One job as a person sees it. `cost_usd` is what its model calls came to, None while nothing is known."""

    id: str
    key: str | None
    progress: JobProgress
    cost_usd: float | None


@dataclass(frozen=True)
class _Started:
    """An execution and the job that it was started for; a resume's input names no key."""

    execution: str
    job: str
    key: str | None
    running: bool


class Jobs:
    """Reads one stack's jobs."""

    def __init__(self, account: Account, stack: Stack) -> None:
        self.account, self.stack = account, stack

    def progress(self, job: str) -> JobProgress:
        """Where a job is; "waiting" until its execution exists."""
        execution = self.execution(job)
        if execution is None:
            return JobProgress("waiting")
        found = progress.read(self.account.states, execution)
        stopped = self._item(job, "stopped") if found.sentence else None
        return replace(found, sentence=stopped["reason"]["S"]) if stopped and "reason" in stopped else found

    def execution(self, job: str) -> str | None:
        """The execution that owns the job; one that ended before it could claim anything is found by its input."""
        claim = self._item(job, "claim")
        if claim:
            return str(claim["execution"]["S"])
        return next((started.execution for started in self._uploads() if started.job == job), None)

    def require(self, job: str) -> str:
        """Its execution; raises WrongUse when there has never been one."""
        execution = self.execution(job)
        if execution is None:
            raise WrongUse(f"There is no job {job} here. rotoscope jobs lists those that there are.")
        return execution

    def latest(self) -> dict[str, bool]:
        """The latest jobs, newest first: whether an execution of each is running."""
        found: dict[str, bool] = {}
        for started in self._uploads():
            found[started.job] = found.get(started.job, False) or started.running
        return found

    def view(self, job: str) -> JobView:
        """All about one job."""
        return JobView(job, self.key(job), self.progress(job), self.cost_usd(job))

    def results(self, job: str) -> str:
        """Where its results lie, as aws s3 takes it."""
        return f"s3://{self.stack.studio}/{layout.result(layout.result_name(self.key(job) or job), job, '')}"

    def key(self, job: str) -> str | None:
        """The upload's key in the inbox; None when nobody knows any more."""
        claim = self._item(job, "claim")
        if claim:
            return str(json.loads(claim["job"]["S"])["key"])
        return next((started.key for started in self._uploads() if started.job == job and started.key), None)

    def cost_usd(self, job: str) -> float | None:
        """What the ledger has booked for the job's model calls; None before it has booked anything at all."""
        spend = self._item(job, "spend")
        return None if spend is None else int(spend.get("usd_micros", {"N": "0"})["N"]) / 1e6

    def _item(self, job: str, kind: str) -> dict[str, Any] | None:
        key: Any = {"pk": {"S": f"job#{job}"}, "sk": {"S": kind}}
        return self.account.tables.get_item(TableName=self.stack.table, Key=key, ConsistentRead=True).get("Item")

    def _uploads(self) -> Iterator[_Started]:
        """The latest executions that stand for a job, newest first."""
        pages = self.account.states.get_paginator("list_executions").paginate(stateMachineArn=self.stack.machine_arn)
        for execution in islice((execution for page in pages for execution in page["executions"]), SEARCHED):
            arn, running = execution["executionArn"], execution["status"] == "RUNNING"
            event = json.loads(self.account.states.describe_execution(executionArn=arn)["input"])
            if "resume" in event:
                yield _Started(arn, event["resume"], None, running)
            elif upload := event.get("detail", {}).get("object"):
                bucket = event["detail"]["bucket"]["name"]
                job = layout.job_id(bucket, upload["key"], upload.get("version-id"))
                yield _Started(arn, job, upload["key"], running)
