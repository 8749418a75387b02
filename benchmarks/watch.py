"""A command → the most memory that it and its largest child held, in MB, and its seconds. Linux only: reads /proc."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from pathlib import Path

BEAT = 0.1  # seconds


def watched(command: list[str]) -> tuple[float, float, float]:
    """(MB of the process, MB of the largest of those it started, seconds). Its exit status may be 0 or 1."""
    start = time.perf_counter()
    process = subprocess.Popen(command, start_new_session=True)
    most: dict[int, float] = {}
    while process.poll() is None:
        for pid in _session(process.pid):
            most[pid] = max(most.get(pid, 0.0), _peak(pid))
        time.sleep(BEAT)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{command}: exit status {process.returncode}")
    children = [peak for pid, peak in most.items() if pid != process.pid]
    return most.get(process.pid, 0.0), max(children, default=0.0), time.perf_counter() - start


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
