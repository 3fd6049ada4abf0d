"""What a handler sees and what its caller gets: AWS's own runtime client, each environment a process of its own."""

import math
import os
import re

import pytest
from tiny_functions import archive, function, invoke


def test_a_handler_answers_from_a_process_of_its_own(host):
    host.put_function(
        function("import os\ndef handler(event, context):\n    return {'got': event, 'pid': os.getpid()}")
    )

    answer, invocation = invoke(host, event={"frame": "ä"})

    assert answer["got"] == {"frame": "ä"}
    assert answer["pid"] != os.getpid()
    assert invocation.function_error is None
    assert invocation.version == "$LATEST"


def test_a_warm_environment_serves_the_next_call(host):
    host.put_function(function("import os\nCALLS = []\ndef handler(e, c):\n    CALLS.append(1)\n    return len(CALLS)"))

    first, cold = invoke(host)
    second, warm = invoke(host)

    assert (first, second) == (1, 2)
    assert cold.init_ms > 0
    assert warm.init_ms == 0


def test_the_process_sees_what_lambda_would_show_it_and_nothing_of_the_laptop(host):
    code = (
        "import os, tempfile\n"
        "def handler(e, c):\n"
        "    return dict(os.environ) | {'cwd': os.getcwd(), 'tmp': tempfile.gettempdir()}"
    )
    host.put_function(function(code, environment={"STUDIO": "bucket", "AWS_REGION": "mars"}, memory_mb=300))

    seen, _ = invoke(host)

    expected = {
        "STUDIO": "bucket",
        "AWS_REGION": "us-west-2",
        "AWS_DEFAULT_REGION": "us-west-2",
        "AWS_LAMBDA_FUNCTION_NAME": "Echo",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "300",
        "AWS_ACCESS_KEY_ID": "ASIAFunctionRole",
        "AWS_SESSION_TOKEN": "token",
        "AWS_ENDPOINT_URL": "http://localhost:9",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "_HANDLER": "handler.handler",
    }
    assert {name: seen.get(name) for name in expected} == expected
    assert seen["cwd"] == seen["LAMBDA_TASK_ROOT"]
    assert seen["tmp"] == seen["TMPDIR"]
    assert "PYTEST_CURRENT_TEST" in os.environ
    assert not {"PYTEST_CURRENT_TEST", "HOME", "USER", "PYTHONDONTWRITEBYTECODE"} & set(seen)


def test_the_context_tells_the_handler_who_and_how_long(host):
    code = (
        "def handler(e, c):\n    return [c.function_name, c.function_version, c.memory_limit_in_mb, c.aws_request_id,"
        " c.invoked_function_arn, c.get_remaining_time_in_millis()]"
    )
    host.put_function(function(code, timeout_s=20))
    host.publish_version("Echo")

    answer, invocation = invoke(host, qualifier="1")

    name, version, memory, request_id, arn, left_ms = answer
    assert (name, version, memory, request_id) == ("Echo", "1", "256", invocation.request_id)
    assert arn == "arn:aws:lambda:us-west-2:123456789012:function:Echo:1"
    assert 15_000 < left_ms <= 20_000


def test_layers_follow_the_code_and_come_before_the_installed_libraries(host):
    first = archive({"python/shared.py": "WHO = 'first layer'", "python/boto3.py": "WHO = 'layer'"})
    second = archive({"python/shared.py": "WHO = 'second layer'", "python/handler.py": "raise SystemExit"})
    code = "import shared, boto3, jmespath\ndef handler(e, c):\n    return [shared.WHO, boto3.WHO, jmespath.__name__]"
    host.put_function(function(code, layer_zips=(first, second)))

    answer, _ = invoke(host)

    assert answer == ["first layer", "layer", "jmespath"]


def test_an_exception_comes_back_under_the_name_of_its_class(host):
    host.put_function(
        function("class QuotaBusy(Exception): ...\ndef handler(e, c):\n    raise QuotaBusy('come back later')")
    )

    answer, invocation = invoke(host)

    assert invocation.function_error == "Unhandled"
    assert (answer["errorType"], answer["errorMessage"]) == ("QuotaBusy", "come back later")
    assert "in handler" in answer["stackTrace"][0]
    assert "[ERROR] QuotaBusy: come back later" in invocation.log_tail


def test_an_environment_survives_an_exception(host):
    host.put_function(function("import os\ndef handler(e, c):\n    return os.getpid() if e else 1 / 0"))
    before, _ = invoke(host, event=True)
    failed, _ = invoke(host, event=False)

    after, _ = invoke(host, event=True)

    assert failed["errorType"] == "ZeroDivisionError"
    assert after == before


def test_code_that_cannot_be_imported_is_reported_at_every_call(host):
    host.put_function(function("import nowhere_to_be_found\ndef handler(e, c): ..."))

    answers = [invoke(host) for _ in range(2)]

    for answer, invocation in answers:
        assert answer["errorType"] == "Runtime.ImportModuleError"
        assert "nowhere_to_be_found" in answer["errorMessage"]
        assert invocation.function_error == "Unhandled"


def test_the_log_frames_each_call_as_lambda_does(host):
    host.put_function(function("print('at import')\ndef handler(e, c):\n    print('at work')"))

    _, cold = invoke(host)
    _, warm = invoke(host)

    request = f"RequestId: {warm.request_id}"
    assert warm.log_tail.splitlines()[:3] == [f"START {request} Version: $LATEST", "at work", f"END {request}"]
    report = (
        rf"REPORT {request}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\tMax Memory Used: \d+ MB"
    )
    assert re.fullmatch(report, warm.log_tail.splitlines()[3])
    assert cold.log_tail.startswith("INIT_START Runtime Version: awslambdaric")
    assert "at import" in cold.log_tail
    assert "Init Duration: " in cold.log_tail
    assert host.log_lines("Echo", 4) == warm.log_tail.splitlines()
    assert host.log_lines("Nobody") == []


def test_a_log_tail_holds_four_kilobytes(host):
    host.put_function(function("def handler(e, c):\n    print('x' * 20_000)"))

    _, invocation = invoke(host)

    assert len(invocation.log_tail) == 4096
    assert "REPORT" in invocation.log_tail


def test_what_is_metered_is_what_lambda_bills(host, meter):
    host.put_function(function("import time\ndef handler(e, c):\n    time.sleep(0.2)", name="Nap", memory_mb=512))

    invocations = [invoke(host, "Nap")[1] for _ in range(2)]

    gb_s = sum(invocation.billed_ms for invocation in invocations) / 1000 * 0.5
    assert meter.lines() == {
        "lambda_gb_s": pytest.approx(gb_s),
        "lambda_gb_s:Nap": pytest.approx(gb_s),
        "lambda_requests": 2.0,
        "lambda_requests:Nap": 2.0,
    }
    cold, warm = invocations
    assert warm.billed_ms == math.ceil(warm.duration_ms) >= 200
    assert cold.billed_ms >= 200 + cold.init_ms


def test_byte_code_is_kept_beside_the_unpacked_code(host, tmp_path):
    code = archive({"handler.py": "import inner\ndef handler(e, c): ...", "inner.py": "X = 1"})
    host.put_function(function("", code_zip=code))

    invoke(host)

    assert list((tmp_path / "lambda" / "code").glob("*/__pycache__/inner.*.pyc"))


def test_every_call_s_lines_go_to_the_group_of_the_function_and_the_stream_of_its_environment(start_host):
    pages = []
    host = start_host(log_reader=pages.append)
    code = "import os\ndef handler(e, c):\n    print('hello')\n    return os.environ['AWS_LAMBDA_LOG_STREAM_NAME']"
    host.put_function(function(code, log_group="my-group"))

    stream, _ = invoke(host)
    invoke(host)

    assert [(page.group, page.stream) for page in pages] == [("my-group", stream)] * 2
    assert all("hello" in page.lines for page in pages)
