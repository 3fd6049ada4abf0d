"""Functions that are put, published, replaced and removed."""

from dataclasses import replace

import pytest
from tiny_functions import ECHO, function, invoke, is_running

from local.runtime import FunctionNotFound


def test_a_published_version_keeps_its_code(host):
    host.put_function(function("def handler(e, c):\n    return 'old'"))
    version = host.publish_version("Echo")

    host.put_function(function("def handler(e, c):\n    return 'new'"))

    assert invoke(host, qualifier=version)[0] == "old"
    assert invoke(host)[0] == "new"
    assert invoke(host, qualifier="$LATEST")[0] == "new"


def test_a_version_is_published_only_when_something_changed(host):
    spec = function(ECHO)
    host.put_function(spec)

    numbers = [host.publish_version("Echo")]
    host.put_function(replace(spec))
    numbers.append(host.publish_version("Echo"))
    host.put_function(replace(spec, memory_mb=512))
    numbers.append(host.publish_version("Echo"))

    assert numbers == ["1", "1", "2"]


def test_a_version_number_is_never_used_again(host):
    host.put_function(function(ECHO))
    host.publish_version("Echo")
    host.remove_function("Echo")
    host.put_function(function(ECHO))

    assert host.publish_version("Echo") == "2"


def test_what_is_not_there_is_not_found(host):
    host.put_function(function(ECHO))

    with pytest.raises(FunctionNotFound):
        host.invoke("Nobody", None, b"{}")
    with pytest.raises(FunctionNotFound):
        host.invoke("Echo", "7", b"{}")
    host.remove_function("Echo")
    with pytest.raises(FunctionNotFound):
        host.invoke("Echo", None, b"{}")


def test_a_replaced_function_leaves_no_process_behind(host):
    host.put_function(function("import os\ndef handler(e, c):\n    return os.getpid()"))
    pid, _ = invoke(host)

    host.put_function(function(ECHO))

    assert not is_running(pid)
