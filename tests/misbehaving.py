"""A Normalizer that hangs, crashes or swells on words that the tests write into policies; workers import it by name."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

from normalizer import Normalizer
from normalizer.batch import Tools

if TYPE_CHECKING:
    from normalizer.model import Analysis
    from normalizer.pipeline import Source

WORDS = ("HANG", "STUCK", "CRASH", "SWELL", "FAULT", "PAUSE")


class Misbehaving(Normalizer):
    """Does what the text says."""

    def analyze(self, source: Source, name: str | None = None, format: str | None = None) -> Analysis:
        analysis = super().analyze(source, name, format)
        words = analysis.document.text.split()
        for word in WORDS:
            if word in words:
                getattr(self, word.lower())(words[-1])
        return analysis

    def hang(self, _: str) -> None:
        """For ever, letting other threads run."""
        while True:
            time.sleep(0.01)

    def stuck(self, _: str) -> None:
        """For ever, letting no other thread run, as a fault in a library written in C can."""
        pow(3, 10**9)

    def crash(self, _: str) -> None:
        os.kill(os.getpid(), signal.SIGSEGV)

    def swell(self, _: str) -> None:
        held = []
        while True:
            held.append(bytearray(2**24))

    def fault(self, _: str) -> None:
        raise RecursionError("deep")

    def pause(self, place: str) -> None:
        """The first time: say where this process can be killed, and wait for it."""
        if not Path(place).exists():
            Path(place).write_text(str(os.getpid()))
            time.sleep(60)


class MisbehavingTools(Tools):
    """Tools of that kind."""

    __slots__ = ()

    def build(self) -> Normalizer:
        return Misbehaving()
