"""`rotoscope cloud`: the local cloud as a server for any AWS client, until Ctrl-C."""

import time
from collections.abc import Sequence
from typing import Annotated

import typer

from local.cli import deploying, logs
from local.cli.account import STACK, Account, find_stack
from local.cli.options import AsJson, Context
from local.cli.terminal import doing, say, say_json, tell

Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes any free one.")]
Deploy = Annotated[bool, typer.Option("--deploy", help="Deploy the stack too.")]
Mail = Annotated[
    str, typer.Option("--mail", help="Whom the deployed stack should write to; nothing leaves this machine.")
]


def cloud(
    port: Port = 4566,
    deploy: Deploy = False,
    mail: Mail = deploying.MAIL_ADDRESS,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """Serve the AWS APIs on this machine until Ctrl-C, for cdk, aws, boto3 and the commands below."""
    with deploying.local_cloud(port) as running:
        exports = running.environment()
        if deploy:
            with doing("Deploying") as then:
                deploying.deploy(running.url, running.environment(), context=context or [], mail=mail, tell=then)
        account = Account.local(running.url)
        inbox = find_stack(account, STACK).inbox if deploy else None
        groups = logs.groups(account, STACK) if deploy else []
        if as_json:
            say_json({"url": running.url, "environment": exports, "inbox": inbox, "logs": groups})
        else:
            say(welcome(running.url, exports, inbox, groups))
        _until_interrupted()
    tell("The local cloud has stopped; nothing of it is left.")


def welcome(url: str, exports: dict[str, str], inbox: str | None, groups: Sequence[str]) -> str:
    """What to type in another terminal."""
    lines = [f"The local cloud is at {url}. In another terminal:", ""]
    lines += [f"  export {name}={value}" for name, value in exports.items()]
    lines.append("")
    if inbox is None:
        lines += ["  npx cdk bootstrap", f"  npx cdk deploy {STACK} --require-approval never", ""]
    lines += [
        "  rotoscope submit clip.mp4 --watch",
        f"  aws s3 cp clip.mp4 s3://{inbox or '<inbox>'}/",
        "",
        "What its functions say:",
        "",
        *[f"  aws logs tail {group} --follow" for group in groups or ["<group>"]],
        "",
        f"Its mails are at {url}/_rotoscope/mails, what AWS would bill at {url}/_rotoscope/meter. Ctrl-C ends it.",
    ]
    return "\n".join(lines)


def _until_interrupted() -> None:
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return
