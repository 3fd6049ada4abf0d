"""How many run at once, in which order, in the background, and that nothing stays behind."""

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from tiny_functions import function, invoke, is_running, wait_until

from local.runtime import TooManyRequests


def run_at_once(host, calls):
    """Each call in a thread of its own, started in this order; their results in the same order."""
    results = [None] * len(calls)

    def run(place, name, event):
        try:
            results[place] = invoke(host, name, event)[0]
        except TooManyRequests as refusal:
            results[place] = refusal

    threads = [threading.Thread(target=run, args=(place, *call)) for place, call in enumerate(calls)]
    for thread in threads:
        thread.start()
        time.sleep(0.05)
    for thread in threads:
        thread.join()
    return results


SPAN = "import time\ndef handler(e, c):\n    begin = time.time()\n    time.sleep(e)\n    return [begin, time.time()]"


def test_no_more_handlers_run_at_once_than_there_are_places(start_host):
    host = start_host(concurrency=2)
    for name in "ABC":
        host.put_function(function(SPAN, name=name))

    spans = run_at_once(host, [(name, 0.3) for name in "ABCABC"])

    overlaps = [sum(begin <= moment < end for begin, end in spans) for moment, _ in spans]
    assert max(overlaps) == 2


def test_waiting_calls_get_their_turn_in_the_order_they_came(start_host):
    host = start_host(concurrency=1)
    host.put_function(function(SPAN))

    spans = run_at_once(host, [("Echo", 0.3)] + [("Echo", 0.02)] * 5)

    begins = [begin for begin, _ in spans]
    assert begins == sorted(begins)


def test_a_call_that_waits_too_long_is_throttled(start_host):
    host = start_host(concurrency=1, patience_s=0.2)
    host.put_function(function(SPAN))

    served, refused = run_at_once(host, [("Echo", 1.5), ("Echo", 0)])

    assert isinstance(served, list)
    assert isinstance(refused, TooManyRequests)


def test_the_environment_unused_for_longest_gives_way(start_host):
    host = start_host(environments=2)
    for name in "ABC":
        host.put_function(function("import os\ndef handler(e, c):\n    return os.getpid()", name=name))
    first, second = invoke(host, "A")[0], invoke(host, "B")[0]
    invoke(host, "A")

    third, _ = invoke(host, "C")

    assert is_running(first)
    assert not is_running(second)
    assert is_running(third)


COUNTING = (
    "import pathlib, time\n"
    "def handler(event, context):\n"
    "    file = pathlib.Path(event['file'])\n"
    "    with file.open('a') as lines: lines.write(f'{context.aws_request_id}\\n')\n"
    "    if event['fails']: raise RuntimeError('no')"
)


@pytest.mark.parametrize(("fails", "attempts"), [(False, 1), (True, 3)])
def test_an_asynchronous_event_returns_at_once_and_is_tried_three_times_at_most(host, tmp_path, fails, attempts):
    file = tmp_path / "attempts"
    host.put_function(function(COUNTING))
    payload = json.dumps({"file": str(file), "fails": fails}).encode()

    invocation = host.invoke("Echo", None, payload, asynchronous=True)
    had_begun = file.exists()

    assert (invocation.payload, invocation.function_error) == (b"", None)
    assert not had_begun
    assert wait_until(lambda: file.exists() and len(file.read_text().splitlines()) == attempts)
    time.sleep(0.5)
    assert len(file.read_text().splitlines()) == attempts


def test_closing_leaves_no_process_and_no_passing_files(host, tmp_path):
    code = (
        "import os, pathlib, subprocess, tempfile\n"
        "CHILD = subprocess.Popen(['sleep', '60'])\n"
        "def handler(e, c):\n"
        "    pathlib.Path(tempfile.gettempdir(), 'f').write_text('x')\n"
        "    return [os.getpid(), CHILD.pid]"
    )
    host.put_function(function(code))
    pids, _ = invoke(host)

    host.close()

    assert wait_until(lambda: not any(map(is_running, pids)))
    assert {path.name for path in (tmp_path / "lambda").iterdir()} == {"code", "logs"}


def test_closing_ends_calls_that_are_at_work(start_host):
    host = start_host(concurrency=1)
    host.put_function(function("import time\ndef handler(e, c):\n    time.sleep(30)"))
    answers = []
    working = threading.Thread(target=lambda: answers.append(invoke(host)[0]))
    working.start()
    time.sleep(0.7)

    host.close()
    working.join(timeout=5)

    assert answers[0]["errorType"] == "Runtime.ExitError"
    with pytest.raises(TooManyRequests):
        host.invoke("Echo", None, b"{}")


OWNER = """
import sys, time
from pathlib import Path
sys.path.insert(0, {tests!r})
from tiny_functions import credentials_of, function, invoke
from local.meter import Meter
from local.runtime import FunctionHost
host = FunctionHost(Path({work!r}), "http://localhost:9", Meter(), credentials_of)
host.put_function(function("import os, subprocess\\nCHILD = subprocess.Popen(['sleep', '60'])\\n"
                           "def handler(e, c):\\n    return [os.getpid(), CHILD.pid]"))
print(*invoke(host)[0], flush=True)
{ending}
"""


@pytest.mark.parametrize("ending", ["time.sleep(60)", ""], ids=["owner is killed", "owner forgets to close"])
def test_nothing_outlives_the_owner(tmp_path, ending):
    work = tmp_path / "lambda"
    script = OWNER.format(tests=str(Path(__file__).parent), work=str(work), ending=ending)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as owner:
        pids = [int(pid) for pid in owner.stdout.readline().split()]
        if ending:
            owner.send_signal(signal.SIGKILL)

    assert len(pids) == 2
    assert wait_until(lambda: not any(map(is_running, pids)))
    assert wait_until(lambda: {path.name for path in work.iterdir()} == {"code", "logs"})
