"""Points thehive4py's own integration suite at a server that is running already.

The suite starts a container and asks it for its address. This plugin puts another function in the place of that one,
from outside, so that the suite's files stay as they were published. It also reads not-yet.txt: the tests that may
still fail.
"""

import os
from pathlib import Path

import pytest

NOT_YET = Path(__file__).with_name("not-yet.txt")


def pytest_addoption(parser):
    parser.addoption("--skep-url", help="where the server is, as http://localhost:9000")
    parser.addoption("--skep-strict", action="store_true", help="a test of not-yet.txt that passes is a failure")
    parser.addoption("--skep-shorten", action="store_true", help="take the tests that pass out of not-yet.txt")


def pytest_plugin_registered(plugin, manager):
    """The suite's conftest is a plugin too: the one that has the function which starts a container."""
    if hasattr(plugin, "spawn_hive_container"):
        plugin.spawn_hive_container = use_running_server


def use_running_server(test_config):
    from tests.utils import init_hive_instance

    url = os.environ["SKEP_URL"]
    init_hive_instance(url=url, test_config=test_config)
    return url


def pytest_configure(config):
    url = config.getoption("--skep-url")
    if not url:
        raise pytest.UsageError("--skep-url is missing: where is the server?")
    os.environ["SKEP_URL"] = url


def listed():
    lines = (line.strip() for line in NOT_YET.read_text().splitlines())
    return {line for line in lines if line and not line.startswith("#")}


def pytest_collection_modifyitems(config, items):
    not_yet = listed()
    strict = config.getoption("--skep-strict")
    known = {item.nodeid for item in items}
    # A part of the suite may be run by hand; the whole of it must know every listed test.
    unknown = not_yet - known
    if unknown and not config.args_source.name == "ARGS":
        raise pytest.UsageError("not-yet.txt lists what the suite doesn't have: " + ", ".join(sorted(unknown)))
    for item in items:
        if item.nodeid in not_yet:
            item.add_marker(pytest.mark.xfail(reason="listed in not-yet.txt", strict=strict))


def pytest_terminal_summary(terminalreporter, config):
    passing = {report.nodeid for report in terminalreporter.stats.get("xpassed", [])}
    for nodeid in sorted(passing):
        terminalreporter.write_line(f"PASSES NOW, take it out of not-yet.txt: {nodeid}", yellow=True, bold=True)
    if config.getoption("--skep-shorten"):
        lines = NOT_YET.read_text().splitlines(keepends=True)
        NOT_YET.write_text("".join(line for line in lines if line.strip() not in passing))
