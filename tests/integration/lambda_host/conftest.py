"""A host per test, closed afterwards."""

import pytest
from tiny_functions import credentials_of

from local.meter import Meter
from local.runtime import FunctionHost


@pytest.fixture
def meter():
    return Meter()


@pytest.fixture
def start_host(tmp_path, meter):
    hosts = []

    def start(**settings):
        host = FunctionHost(tmp_path / "lambda", "http://localhost:9", meter, credentials_of, **settings)
        hosts.append(host)
        return host

    yield start
    for host in hosts:
        host.close()


@pytest.fixture
def host(start_host):
    return start_host()
