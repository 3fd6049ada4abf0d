"""Tiny functions for the host, and looks at what they left behind."""

import io
import json
import os
import time
import zipfile
from dataclasses import replace
from pathlib import Path

from local.policies import Credentials
from local.runtime import FunctionSpec

ROLE = "arn:aws:iam::123456789012:role/FunctionRole"
ECHO = "def handler(event, context):\n    return event"


def credentials_of(role_arn):
    return Credentials("ASIA" + role_arn.rpartition("/")[2], "secret", "token")


def archive(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        for name, text in files.items():
            bundle.writestr(name, text)
    return packed.getvalue()


def function(code, name="Echo", **settings):
    spec = FunctionSpec(
        name=name,
        handler="handler.handler",
        code_zip=archive({"handler.py": code}),
        layer_zips=(),
        environment={},
        memory_mb=256,
        timeout_s=30,
        role_arn=ROLE,
        region="us-west-2",
        account="123456789012",
    )
    return replace(spec, **settings)


def invoke(host, name="Echo", event=None, qualifier=None):
    """(what the handler answered, the whole invocation)"""
    invocation = host.invoke(name, qualifier, json.dumps(event).encode())
    return json.loads(invocation.payload), invocation


def wait_until(condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"
