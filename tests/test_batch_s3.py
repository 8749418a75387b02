"""Runs whose inputs and results are in an object store (a server of the S3 protocol here), locally and on a cluster."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

boto3: Any = pytest.importorskip("boto3")
pytest.importorskip("moto")
pytest.importorskip("s3fs")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

JA = "第{0}条（取得）\n" + "当社は、お客様の氏名{0}を取得します。\n" * 8
EN = "Article {0} (Collection)\n\n" + "We collect your name {0}.\n" * 8  # a pair fills a chunk of 1 kB
POLICIES = 12
MARK = b"\0\1" * 20  # no text


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _wait(done: Callable[[], bool], process: subprocess.Popen[Any], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert process.poll() is None, "it has ended"
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.05)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@contextlib.contextmanager
def _started(*command: str, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process and its children, which end with the block."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([sys.executable, *command], env=env, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module")
def cloud() -> Iterator[dict[str, str]]:
    """The environment in which `s3://crawl` holds policies; one in six cannot be read."""
    port = _free_port()
    known = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1"}
    env = os.environ | known | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
    with _started("-m", "moto.server", "-p", str(port), env=env) as server:
        _wait(lambda: _answers(port), server)
        store = _store(env)
        for bucket in ("crawl", "results"):
            store.create_bucket(Bucket=bucket)
        for number in range(POLICIES):
            for side, text in (("ja", JA), ("en", EN)):
                body = MARK if side == "en" and number % 6 == 0 else text.format(number).encode()
                store.put_object(Bucket="crawl", Key=f"policies/p{number:02d}.{side}.txt", Body=body)
        yield env


def _store(env: dict[str, str]) -> Any:
    secret = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "us-east-1"}
    return boto3.client("s3", endpoint_url=env["AWS_ENDPOINT_URL"], **secret)


def _names(env: dict[str, str], prefix: str) -> list[str]:
    found = _store(env).list_objects_v2(Bucket="results", Prefix=prefix)
    return [str(one["Key"]) for one in found.get("Contents", ())]


def _files(env: dict[str, str], prefix: str) -> dict[str, bytes]:
    store = _store(env)
    names = _names(env, prefix)
    return {n.removeprefix(prefix): store.get_object(Bucket="results", Key=n)["Body"].read() for n in names}


def _run(out: str, *more: str) -> list[str]:
    return ["-m", "normalizer", "run", "s3://crawl/policies", "--out", out, "--chunk-size", "1", "--quiet", *more]


def _do(env: dict[str, str], *command: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, *command], env=env, capture_output=True, text=True)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stderr


@pytest.fixture(scope="module")
def here(cloud: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same run with its results in a folder of this machine, undisturbed."""
    out = tmp_path_factory.mktemp("here") / "out"
    assert _do(cloud, *_run(str(out), "--workers", "1"))[0] == 1
    return out


def _files_here(out: Path) -> dict[str, bytes]:
    files = (path for path in out.rglob("*") if path.is_file() and path.name != "lock")
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}


def test_results_in_a_store_are_those_in_a_folder(cloud: dict[str, str], here: Path, tmp_path: Path) -> None:
    assert _do(cloud, *_run("s3://results/one", "--workers", "2"))[0] == 1
    assert _files(cloud, "one/") == _files_here(here)
    for run, name in ((str(here), "here.csv"), ("s3://results/one", "store.csv")):
        assert _do(cloud, "-m", "normalizer", "export", run, "--to", "csv", "--out", str(tmp_path / name))[0] == 0
    assert (tmp_path / "here.csv").read_bytes() == (tmp_path / "store.csv").read_bytes()


def test_a_killed_run_goes_on_once_its_lock_is_removed(cloud: dict[str, str], here: Path) -> None:
    with _started(*_run("s3://results/killed", "--workers", "1"), env=cloud) as process:
        _wait(lambda: len(_names(cloud, "killed/.run/receipts/")) > 1, process)
        os.killpg(process.pid, signal.SIGKILL)
    status, said = _do(cloud, *_run("s3://results/killed"))
    assert status == 2
    assert "or was killed there; if it is gone, remove .run/lock" in said
    _store(cloud).delete_object(Bucket="results", Key="killed/.run/lock")
    assert _do(cloud, *_run("s3://results/killed", "--workers", "1"))[0] == 1
    assert _files(cloud, "killed/") == _files_here(here)


def test_a_cluster_with_shared_storage(cloud: dict[str, str], here: Path) -> None:
    """A scheduler and two workers as they are started on machines of their own; one is killed in mid-run."""
    port = _free_port()
    address = f"tcp://127.0.0.1:{port}"
    worker = ["-m", "dask", "worker", address, "--nworkers", "1", "--nthreads", "1", "--no-dashboard"]
    with contextlib.ExitStack() as stack:

        def start(*command: str) -> subprocess.Popen[bytes]:
            return stack.enter_context(_started(*command, env=cloud))

        scheduler = start("-m", "dask", "scheduler", "--port", str(port), "--no-dashboard")
        _wait(lambda: _answers(port), scheduler)
        lost = start(*worker)
        start(*worker)
        run = start(*_run("s3://results/dask", "--engine", "dask", "--scheduler", address))
        _wait(lambda: len(_names(cloud, "dask/.run/receipts/")) > 1, run)
        os.killpg(lost.pid, signal.SIGKILL)
        assert run.wait(300) == 1
    assert _files(cloud, "dask/") == _files_here(here)


def test_a_store_that_does_not_answer(cloud: dict[str, str], tmp_path: Path) -> None:
    gone = cloud | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{_free_port()}", "AWS_MAX_ATTEMPTS": "1"}
    status, said = _do(gone, *_run("s3://results/gone"))
    assert status == 1
    assert "s3://results/gone: cannot be used (EndpointConnectionError" in said
    assert _do(gone, *_run(str(tmp_path / "out")))[0] == 1
    assert "s3://crawl/policies: cannot be listed" in (tmp_path / "out" / "failures.jsonl").read_text(encoding="utf-8")
