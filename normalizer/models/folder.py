"""The folder of packages → what is installed there. It is Argos Translate's own, so packages are shared with it."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from normalizer.errors import ModelError
from normalizer.models.published import DIRECTIONS, VERSION, order

if TYPE_CHECKING:
    from collections.abc import Iterable

METADATA = "metadata.json"
MAX_METADATA = 2**16
TOKENIZERS = ("sentencepiece.model", "bpe.model")
REQUIRED = (METADATA, "model/model.bin")  # and one of the tokenizers
BLOCK = 2**20


@dataclass(frozen=True, slots=True)
class Installed:
    """A package in the folder, complete and for one of our two directions."""

    source: str  # "ja" or "en"
    target: str
    version: str
    path: Path

    @property
    def name(self) -> str:
        """As the command line names it: ja-en."""
        return f"{self.source}-{self.target}"

    def sha256(self) -> str:
        """Of the files that decide what comes out, whichever archive they came from; reads all of them."""
        digest = hashlib.sha256()
        model = sorted(path for path in (self.path / "model").rglob("*") if path.is_file())
        for path in [self.path / METADATA, *filter(Path.is_file, map(self.path.joinpath, TOKENIZERS)), *model]:
            name = path.relative_to(self.path).as_posix().encode()
            digest.update(b"%d %s %d\n" % (len(name), name, path.stat().st_size))
            with path.open("rb") as file:
                while block := file.read(BLOCK):
                    digest.update(block)
        return digest.hexdigest()


def packages_folder() -> Path:
    """Where packages are: $ARGOS_PACKAGES_DIR, else the folder in which Argos Translate keeps them. Makes nothing."""
    if folder := os.environ.get("ARGOS_PACKAGES_DIR"):
        return Path(folder)
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "argos-translate" / "packages"


def installed(folder: Path | None = None) -> tuple[Installed, ...]:
    """The packages between Japanese and English in a folder, by direction, the newest first; others are passed over."""
    folder = folder or packages_folder()
    try:
        paths = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError:  # no folder: nothing was ever installed
        return ()
    found = [package for path in paths if (package := _package(path))]
    return tuple(sorted(found, key=lambda its: (its.name, [-n for n in order(its.version)])))


def package(source: str, target: str, folder: Path | None = None) -> Installed:
    """The newest package from `source` to `target`. Raises ModelError that says how to get one."""
    every = installed(folder)
    for known in every:
        if (known.source, known.target) == (source, target):
            return known
    others = f" (installed: {', '.join(known.name for known in every)})" if every else ""
    raise ModelError(
        f"no translation package for {source}-{target} in {folder or packages_folder()}{others}; install one "
        f"with `normalizer models install {source}-{target}`, or from a file with `normalizer models install "
        "FILE.argosmodel`"
    )


def metadata(content: bytes, name: str) -> tuple[str, str, str]:
    """Languages and version that a metadata.json states. Raises ModelError where it is none, or for other languages."""
    try:
        data: Any = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{name}: its {METADATA} is not JSON ({error}); fetch the package anew") from error
    if not isinstance(data, dict) or data.get("type", "translate") != "translate":
        raise ModelError(f"{name}: no translation package; its {METADATA} says {_shown(data)}")
    source, target, version = (data.get(key) for key in ("from_code", "to_code", "package_version"))
    if (source, target) not in DIRECTIONS:
        raise ModelError(
            f"{name}: a package from {_shown(source)} to {_shown(target)}; needed is one from ja to en or from en to ja"
        )
    if not isinstance(version, str) or not VERSION.fullmatch(version):
        raise ModelError(f"{name}: its {METADATA} states the version {_shown(version)}; a version is like '1.1'")
    return str(source), str(target), version


def complete(names: Iterable[str]) -> list[str]:
    """Which of the files that a package needs are not among `names`, which are relative to it."""
    have = set(names)
    missing = [name for name in REQUIRED if name not in have]
    return missing + ([] if have & set(TOKENIZERS) else [" or ".join(TOKENIZERS)])


def _package(path: Path) -> Installed | None:
    names = [name for name in (*REQUIRED, *TOKENIZERS) if (path / name).is_file()]
    if complete(names):
        return None
    try:
        with (path / METADATA).open("rb") as file:
            return Installed(*metadata(file.read(MAX_METADATA), str(path)), path)
    except (ModelError, OSError):  # for other languages, or not ours to judge
        return None


def _shown(value: object) -> str:
    return repr(value)[:80]
