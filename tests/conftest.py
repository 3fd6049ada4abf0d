"""What all tests share: unit tests reach no network, and no test logs an error that nobody asked for."""

import logging
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

UNIT = Path(__file__).parent / "unit"


def pytest_configure(config: pytest.Config) -> None:
    """Names our own mark, since markers are strict; property tests try the same examples on every machine."""
    hypothesis.settings.register_profile("steady", max_examples=60, deadline=None, derandomize=True, database=None)
    hypothesis.settings.load_profile("steady")
    config.addinivalue_line("markers", "logs_errors: the test is about something that logs an ERROR")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Unit tests take pytest-socket's mark, which holds from before their first fixture on."""
    for item in items:
        if UNIT in item.path.parents:
            item.add_marker(pytest.mark.disable_socket)


@pytest.fixture(autouse=True)
def no_error_unasked(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails a test that logged an ERROR, unless it is marked `logs_errors`."""
    yield
    if request.node.get_closest_marker("logs_errors") is None:
        logged = [record for phase in ("setup", "call") for record in caplog.get_records(phase)]
        assert [record.getMessage() for record in logged if record.levelno >= logging.ERROR] == []
