"""What becomes of handlers that fail, take too long, too much memory, or their own life."""

from pathlib import Path

import pytest
from tiny_functions import function, invoke, is_running, wait_until

from local.runtime import RequestTooLarge

needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")


def test_a_handler_that_outlives_its_time_is_killed_with_its_children(host, tmp_path):
    pids = tmp_path / "pids"
    code = (
        "import os, pathlib, subprocess, time\n"
        "def handler(event, context):\n"
        "    child = subprocess.Popen(['sleep', '60'])\n"
        "    pathlib.Path(event).write_text(f'{os.getpid()} {child.pid}')\n"
        "    time.sleep(60)"
    )
    host.put_function(function(code, timeout_s=1))

    answer, invocation = invoke(host, event=str(pids))

    assert invocation.function_error == "Unhandled"
    assert answer == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": f"RequestId: {invocation.request_id} Error: Task timed out after 1.00 seconds",
    }
    assert invocation.duration_ms == 1000
    assert "Status: timeout" in invocation.log_tail
    own, child = map(int, pids.read_text().split())
    assert wait_until(lambda: not is_running(own) and not is_running(child))


def test_the_call_after_a_timeout_gets_a_fresh_environment(host):
    host.put_function(
        function("import os, time\ndef handler(e, c):\n    time.sleep(e)\n    return os.getpid()", timeout_s=1)
    )
    before, _ = invoke(host, event=0)
    invoke(host, event=30)

    after, invocation = invoke(host, event=0)

    assert isinstance(after, int)
    assert after != before
    assert invocation.init_ms > 0


@needs_proc
def test_a_handler_that_takes_too_much_memory_is_killed(host):
    host.put_function(
        function("import time\ndef handler(e, c):\n    hog = bytearray(e * 2**20)\n    time.sleep(5)", memory_mb=128)
    )

    answer, invocation = invoke(host, event=200)

    assert invocation.function_error == "Unhandled"
    assert answer["errorType"] == "Runtime.ExitError"
    assert answer["errorMessage"].endswith("Error: Runtime exited with error: signal: killed")
    assert invocation.max_memory_mb == 128
    assert "Runtime.OutOfMemory" in invocation.log_tail
    assert invocation.duration_ms < 4000


@needs_proc
def test_memory_is_that_of_the_children_too(host):
    hog = "hog = bytearray(100 * 2**20); import time; time.sleep(5)"
    code = f"import subprocess, sys\ndef handler(e, c):\n    subprocess.run([sys.executable, '-c', {hog!r}])"
    host.put_function(function(code, memory_mb=100))

    answer, _ = invoke(host)

    assert answer["errorType"] == "Runtime.ExitError"


@needs_proc
def test_a_handler_within_its_memory_is_left_alone_and_measured(host):
    code = (
        "import time\ndef handler(e, c):\n    kept = bytearray(60 * 2**20)\n    time.sleep(0.4)\n    return len(kept)"
    )
    host.put_function(function(code, memory_mb=128))

    answer, invocation = invoke(host)

    assert answer == 60 * 2**20
    assert 60 < invocation.max_memory_mb < 128


@pytest.mark.parametrize(
    ("death", "reason"),
    [
        ("os._exit(3)", "Runtime exited with error: exit status 3"),
        ("sys.exit(0)", "Runtime exited without providing a reason"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "Runtime exited with error: signal: Segmentation fault"),
    ],
)
def test_a_process_that_dies_is_reported_as_lambda_does(host, death, reason):
    host.put_function(function(f"import os, signal, sys\ndef handler(e, c):\n    {death}"))

    answer, invocation = invoke(host)

    assert invocation.function_error == "Unhandled"
    assert answer == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {invocation.request_id} Error: {reason}",
    }


def test_payloads_have_lambdas_limits(host):
    host.put_function(function("def handler(e, c):\n    return 'x' * e", memory_mb=512))

    with pytest.raises(RequestTooLarge):
        host.invoke("Echo", None, b'"' + b"x" * 6_291_556 + b'"')
    with pytest.raises(RequestTooLarge):
        host.invoke("Echo", None, b'"' + b"x" * 1_048_576 + b'"', asynchronous=True)
    fits, _ = invoke(host, event=6_000_000)
    too_large, invocation = invoke(host, event=6_300_000)

    assert len(fits) == 6_000_000
    assert too_large["errorType"] == "Function.ResponseSizeTooLarge"
    assert invocation.function_error == "Unhandled"
