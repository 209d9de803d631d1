"""Nothing at the edge tells a device what to do: it answers, it subscribes, and it has no word for more.

A pump or a monitor that could be set from here would be a device we control. So there is no way out: what writes to a
line is named below, and what could command by a library's own words is not said anywhere.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import stillroom

SOURCE = Path(stillroom.__file__).parent
EDGE = sorted([*(SOURCE / "gateways").rglob("*.py"), *(SOURCE / "devices").rglob("*.py")])

SENDS = {"write", "writelines", "send", "sendall", "sendto", "sendmsg", "post", "put", "request", "urlopen"}
# The link answers what was sent to it. The sender is a monitor: it rehearses and replays, and no gateway uses it.
MAY_WRITE = {"gateways/hl7/link.py": {"write"}, "gateways/hl7/sender.py": {"write"}}
# Calls people who have no page open, at the address that their clinic names.
TO_PEOPLE = {"devices/outcalls.py": {"request"}}
# Files on our own disk; queues within our own process.
NO_LINE = {"devices/spool.py": {"write"}, "gateways/sdc/link.py": {"put"}}

# What sdc11073 calls the services that change a device, and what they do; PCD-03 orders to a pump.
COMMANDS = re.compile(
    r"\b(set_service_client|context_service_client|SetService|SetValue|SetString|SetMetricState|SetContextState|Activate"
    r"|set_numeric_value|set_string|set_alert_state|set_metric_state|set_component_state|set_context_state|activate"
    r"|RGV|RAS|RDE|OMP|PCD-03)\b"
)


def _words(path: Path) -> set[str]:
    """What is said in code: names and text, without what explains it."""
    tree = ast.parse(path.read_text())
    told = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, DOCUMENTED)}
    words = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    words |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    text = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return words | (text - told)


DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def _sends(path: Path) -> set[str]:
    calls = (node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    return {call.attr for call in calls if isinstance(call, ast.Attribute)} & SENDS


@pytest.mark.parametrize("path", EDGE, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_gateway_has_a_way_to_command_a_device(path: Path) -> None:
    name = path.relative_to(SOURCE).as_posix()
    assert _sends(path) <= set().union(*(known.get(name, set()) for known in (MAY_WRITE, TO_PEOPLE, NO_LINE)))
    assert [word for word in _words(path) if COMMANDS.search(word)] == []


def test_what_sends_as_a_monitor_does_is_used_by_no_gateway() -> None:
    using = {path for path in SOURCE.rglob("*.py") if "hl7.sender" in path.read_text()}
    assert {path.relative_to(SOURCE).parts[0] for path in using} == {"project"}


@pytest.mark.parametrize("code", ["client.set_service_client", "x = 'RGV^O15'", "mdib.Activate()"])
def test_a_command_is_seen_by_its_name(code: str, tmp_path: Path) -> None:
    path = tmp_path / "driver.py"
    path.write_text(code)
    assert [word for word in _words(path) if COMMANDS.search(word)]
