"""Plans and runs changes of stacks, in the background as CloudFormation does."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

from botocore.exceptions import ClientError

from local.cloud.formation import shapes
from local.cloud.formation.deployer import Deployment
from local.cloud.formation.kind import Site
from local.cloud.formation.parameters import resolved
from local.cloud.formation.stacks import ChangeSet, Plan, Stack, StackBook
from local.cloud.formation.template import TemplateError

_NOTHING_NEW = "The submitted information didn't contain changes. Submit different information to create a change set."


class Formation:
    """The stacks of one account and Region."""

    def __init__(self, account: str, region: str, site: Callable[[Stack], Site], client: Callable[[str], Any]) -> None:
        self.book = StackBook(account, region)
        self._site = site
        self._client = client
        self._workers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="cloudformation")

    def plan(
        self,
        text: str,
        template: Mapping[str, Any],
        given: Mapping[str, str],
        tags: tuple[dict[str, str], ...],
        capabilities: tuple[str, ...],
    ) -> Plan:
        """A template with its parameters resolved."""
        values, texts = resolved(template, given, self._ssm)
        return Plan(text, template, values, texts, tags, capabilities)

    def change_set(
        self, stack: Stack | None, stack_name: str, name: str, plan: Plan, description: str | None
    ) -> ChangeSet:
        """Plan a change; one that changes nothing is born failed, as on AWS."""
        new = stack is None or stack.status == "REVIEW_IN_PROGRESS"
        stack = stack or self.book.add(stack_name, plan)
        if stack.status == "REVIEW_IN_PROGRESS" and not stack.events:
            stack.enter("REVIEW_IN_PROGRESS", "User Initiated")
        before = {} if new else stack.plan.template["Resources"]
        changes = shapes.changes(before, plan.template["Resources"])
        kind = "CREATE" if new else "UPDATE"
        made = ChangeSet(name, self.book.change_set_arn(name), stack, plan, kind, changes, description=description)
        if not new and (plan.template, plan.parameters) == (stack.plan.template, stack.plan.parameters):
            made.status, made.reason, made.execution = "FAILED", _NOTHING_NEW, "UNAVAILABLE"
        stack.change_sets[name] = made
        return made

    def apply(self, stack: Stack, plan: Plan) -> None:
        """Begin to bring a stack to what a plan says."""
        deployment = Deployment(stack, self._site(stack), self.book.exports())
        stack.status = "UPDATE_IN_PROGRESS" if stack.resources else "CREATE_IN_PROGRESS"
        self._run(stack, partial(deployment.apply, plan))

    def delete(self, stack: Stack) -> None:
        """Begin to delete a stack."""
        deployment = Deployment(stack, self._site(stack), self.book.exports())
        stack.status = "DELETE_IN_PROGRESS"
        self._run(stack, deployment.delete)

    def fetch(self, url: str) -> str:
        """A template by its S3 address."""
        parts = urlsplit(url)
        host, path = parts.hostname or "", unquote(parts.path.lstrip("/"))
        virtual = not host.startswith(("s3.", "s3-", "localhost", "127."))
        bucket, _, key = (f"{host.split('.')[0]}/{path}" if virtual else path).partition("/")
        return str(self._client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode())

    def close(self) -> None:
        """Wait for what is running."""
        self._workers.shutdown(wait=True, cancel_futures=True)

    def _run(self, stack: Stack, work: Callable[[], None]) -> None:
        def finished(future: Future[None]) -> None:
            if error := future.exception():
                stack.enter(stack.status.replace("IN_PROGRESS", "FAILED"), f"{type(error).__name__}: {error}")

        self._workers.submit(work).add_done_callback(finished)

    def _ssm(self, name: str) -> str:
        try:
            return str(self._client("ssm").get_parameter(Name=name)["Parameter"]["Value"])
        except ClientError as error:
            raise TemplateError(
                f"Unable to fetch parameters [{name}] from parameter store for this account."
            ) from error
