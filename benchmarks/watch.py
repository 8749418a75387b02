"""A command → memory and processor time that it and the busiest of its children took, and its seconds. Linux only."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

BEAT = 0.1  # seconds
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Watched:
    """What a command took."""

    seconds: float  # on the wall
    megabytes: float  # that its own process held at most
    child_megabytes: float  # the most that one of those it started held
    processor: float  # seconds of its own process
    child_processor: float  # the most that one of those it started took


def watched(command: list[str]) -> Watched:
    """Run it, and look every tenth of a second. Its exit status may be 0 or 1."""
    start = time.perf_counter()
    process = subprocess.Popen(command, start_new_session=True)
    most: dict[int, tuple[float, float]] = {}
    while process.poll() is None:
        for pid in _session(process.pid):
            memory, spent = most.get(pid, (0.0, 0.0))
            # The latest, which is the most since the program began: before that, a child is a copy of its parent.
            most[pid] = _peak(pid) or memory, max(spent, _spent(pid))
        time.sleep(BEAT)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{command}: exit status {process.returncode}")
    memory, spent = most.pop(process.pid, (0.0, 0.0))
    children = list(zip(*most.values(), strict=True)) or [(0.0,), (0.0,)]
    return Watched(time.perf_counter() - start, memory, max(children[0]), spent, max(children[1]))


def _session(leader: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(ValueError, OSError):
            if os.getsid(int(entry.name)) == leader:
                found.append(int(entry.name))
    return found


def _peak(pid: int) -> float:
    """Megabytes that a process has held at most."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
    return 0.0


def _spent(pid: int) -> float:
    """Seconds of processor time that a process has taken: fields 14 and 15 of proc(5)'s stat."""
    with contextlib.suppress(OSError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
    return 0.0
