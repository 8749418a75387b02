"""Builds the wheel, installs it without extras into empty environments, and uses it as a new user would.

Every Python from 3.11 to 3.13 that is on this machine is tried; the one that runs this script tries everything.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
PYTHONS = ("3.11", "3.12", "3.13")
# What needs an extra says which, with exit 2 and no traceback.
EXTRAS = (
    ("glossary export --to skos", "rdf"),
    ("export out --to xlsx --out x.xlsx", "xlsx"),
    ("export out --to parquet --out x.parquet", "parquet"),
    ("export out --to hf --out hf", "hf"),
)
COMMANDS = """
from normalizer.cli import commands
def walk(command, name):
    print(*name)
    for key, below in getattr(command, 'commands', {}).items():
        walk(below, (*name, key))
walk(commands, ())
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        wheel = build(work)
        for number, (python, full) in enumerate(interpreters()):
            bin = install(wheel, python, work / f"venv-{number}")
            empty = work / f"empty-{bin.parent.name}"
            empty.mkdir()
            use(bin, empty)
            if full:
                everything(bin, empty)
            version = out(bin / "python", "--version", cwd=empty).strip()
            print(
                f"{version}: installed from {wheel.name}, {'everything' if full else 'a run'} as documented", flush=True
            )
            shutil.rmtree(bin.parent)


def build(work: Path) -> Path:
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", work, TOP], check=True)
    (wheel,) = work.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for needed in ("py.typed", "glossaries/concepts.csv", "sample/sample.csv", "sample/01-aozora-shop.ja.txt"):
        assert f"normalizer/{needed}" in names, f"{needed} is not in the wheel"
    tables = {f"normalizer/glossaries/{path.name}" for path in (TOP / "glossaries").iterdir()}
    assert tables <= names, f"not in the wheel: {tables - names}"
    assert all(name.startswith(("normalizer/", "policy_normalizer-")) for name in names), names
    return wheel


def interpreters() -> list[tuple[str, bool]]:
    """This Python for everything, and others that answer for a smoke test."""
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    found = [(sys.executable, True)]
    for version in PYTHONS:
        kept = (
            Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
        )  # shims answer for one version only
        places = (shutil.which(f"python{version}"), *sorted(kept.glob(f"{version}.*/bin/python")))
        able = (str(place) for place in places if place and _answers(place))
        if version != own and (place := next(able, None)):
            found.append((place, False))
    return found


def _answers(python: str | Path) -> bool:
    return subprocess.run([python, "-m", "venv", "-h"], capture_output=True).returncode == 0


def install(wheel: Path, python: str, folder: Path) -> Path:
    subprocess.run([python, "-m", "venv", folder], check=True)
    subprocess.run([folder / "bin" / "pip", "install", "--quiet", wheel], check=True)
    return folder / "bin"


def use(bin: Path, empty: Path) -> None:
    """What a new user does first."""
    out(bin / "normalizer", "sample", cwd=empty)
    out(bin / "normalizer", "run", "policies", "--out", "out", cwd=empty)
    counts = json.loads((empty / "out" / "manifest.json").read_text(encoding="utf-8"))["counts"]
    assert (counts["pairs"], counts["failures"]) == (3, 0), counts
    records = (empty / "out" / "records" / "part-00000.jsonl").read_text(encoding="utf-8").splitlines()
    assert counts["records"] == len(records) > 150, counts
    assert "ThirdPartyProvision" in out(bin / "normalizer", "glossary", "lookup", "第三者提供", cwd=empty)


def everything(bin: Path, empty: Path) -> None:
    """Every command's help, the other names of the command, the version, and what is said of a missing extra."""
    for line in out(bin / "python", "-c", COMMANDS, cwd=empty).splitlines():
        assert "Usage:" in out(bin / "normalizer", *line.split(), "--help", cwd=empty), line
    version = out(bin / "python", "-c", "import normalizer; print(normalizer.__version__)", cwd=empty).strip()
    for command in ([bin / "policy-normalizer"], [bin / "python", "-m", "normalizer"]):
        assert out(*command, "--version", cwd=empty).strip() == f"normalizer, version {version}"
    assert version in out(bin / "pip", "show", "policy-normalizer", cwd=empty)
    for arguments, extra in EXTRAS:
        done = subprocess.run(
            [bin / "normalizer", *arguments.split()], cwd=empty, capture_output=True, text=True, env=environment()
        )
        assert done.returncode == 2, (arguments, done)
        assert f"policy-normalizer[{extra}]" in done.stderr, (arguments, done.stderr)
        assert "Traceback" not in done.stderr, done.stderr


def out(*command: str | Path, cwd: Path) -> str:
    """What a command prints; it must end well."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, env=environment(), encoding="utf-8")
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


def environment() -> dict[str, str]:
    """Nothing of the checkout or of this environment helps."""
    return {
        name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME")
    }


if __name__ == "__main__":
    main()
