"""`rotoscope doctor`: is this account ready, and if not, what to do."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Annotated

import typer
from botocore.exceptions import ClientError, NoCredentialsError
from rich.table import Table

from local.cli import checks_of_models
from local.cli.account import Account, Stack, find_stack
from local.cli.errors import JobFailed, WrongUse
from local.cli.findings import Finding, ok, problem, warning
from local.cli.options import DEFAULT_STACK, AsJson, StackName
from local.cli.terminal import say, say_json, stderr, stdout

FEWEST_FUNCTIONS = 50
MARKS = {"ok": "[green]ok[/]", "warning": "[yellow]warning[/]", "problem": "[red]problem[/]"}
BedrockRegion = Annotated[str, typer.Option("--bedrock-region", help="Where the stack calls models.")]


def doctor(
    stack: StackName = DEFAULT_STACK, bedrock_region: BedrockRegion = "us-west-2", as_json: AsJson = False
) -> None:
    """Ask the account whether it is ready: credentials, stack, mail, models, quotas. Changes and costs nothing."""
    with stderr().status("Asking the account"):
        findings = list(examine(Account.from_environment(), stack, bedrock_region))
    if as_json:
        say_json([asdict(finding) for finding in findings])
    else:
        stdout().print(table(findings))
    problems = sum(finding.level == "problem" for finding in findings)
    if problems:
        raise JobFailed(
            f"{problems} of these need mending before a job can succeed."
            if problems > 1
            else "One of these needs mending before a job can succeed."
        )
    if not as_json:
        say("\nReady.")


def examine(account: Account, stack: str, bedrock_region: str) -> Iterator[Finding]:
    """Every check in turn; without credentials there is nothing else to ask."""
    identity = _asked("account", lambda: _identity(account))
    yield identity
    if identity.level == "problem":
        return
    try:
        deployed = find_stack(account, stack)
    except WrongUse as error:
        yield problem("stack", str(error), "")
    else:
        yield ok("stack", f"{stack} is deployed. Drop videos into s3://{deployed.inbox}/")
        yield _asked("mail", lambda: _mail(account, deployed))
    yield _asked("functions", lambda: _concurrency(account))
    yield from checks_of_models.examine(account, bedrock_region, _asked)


def table(findings: list[Finding]) -> Table:
    """One row each, what to do below what is."""
    drawn = Table.grid(padding=(0, 2))
    drawn.add_column(no_wrap=True)
    drawn.add_column(no_wrap=True)
    drawn.add_column()
    for finding in findings:
        words = finding.what + (f"\n[bold]{finding.remedy}[/]" if finding.remedy else "")
        drawn.add_row(MARKS[finding.level], finding.about, words)
    return drawn


def _asked(about: str, check: Callable[[], Finding]) -> Finding:
    """The check's finding; not being allowed to ask is worth knowing and no problem."""
    try:
        return check()
    except NoCredentialsError:
        return problem(
            about, "There are no AWS credentials.", "Run aws configure or aws sso login, or rotoscope cloud."
        )
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        level = problem if about == "account" else warning
        return level(about, f"This could not be asked ({code}): {message}", "")


def _identity(account: Account) -> Finding:
    identity = account.client("sts").get_caller_identity()
    where = f"the local cloud at {account.endpoint}" if account.endpoint else f"account {identity['Account']}"
    return ok("account", f"{where}, Region {account.region}, as {identity['Arn'].rpartition(':')[2]}")


def _mail(account: Account, stack: Stack) -> Finding:
    pages = account.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=stack.topic_arn)
    mails = [entry for page in pages for entry in page["Subscriptions"] if entry["Protocol"].startswith("email")]
    waiting = [entry["Endpoint"] for entry in mails if entry["SubscriptionArn"] == "PendingConfirmation"]
    if waiting:
        return warning(
            "mail",
            f"{', '.join(waiting)} has not confirmed; nothing is sent there yet.",
            "Open the link in the message from AWS Notifications; look among the spam too.",
        )
    if not mails:
        remedy = "npx cdk deploy --parameters MailAddress=you@example.com"
        return warning("mail", "Nobody gets a mail when a video is done.", remedy)
    return ok("mail", f"goes to {', '.join(entry['Endpoint'] for entry in mails)}")


def _concurrency(account: Account) -> Finding:
    quotas = account.client("service-quotas")
    quota = quotas.get_service_quota(ServiceCode="lambda", QuotaCode="L-B99A9384")["Quota"]
    most = int(quota["Value"])
    if most < FEWEST_FUNCTIONS:
        return warning(
            "functions",
            f"Only {most} Lambda functions may run at once; jobs will be slow.",
            "Ask for more: Service Quotas, AWS Lambda, Concurrent executions.",
        )
    return ok("functions", f"{most} Lambda functions may run at once")
