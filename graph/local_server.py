"""A local Neo4j Community server: start, stop, status.

For first runs and tests; where somebody already runs a server, its address is used and nothing
here is called. The server is real, listens on loopback only and outlives the run that started
it::

    python -m graph.local_server start --home .causerie/neo4j

What lies in a home is described in ``graph.server_home``.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import filelock
import psutil
from pydantic import SecretStr

from graph.connection import GraphConnection, GraphUnavailableError, open_driver
from graph.java import JavaError, argument_file_text, find_java, server_jars
from graph.server_home import LOOPBACK, ServerHome
from graph.server_password import PasswordError, ensure_password
from graph.server_process import end, read_record, recorded_process, start_detached, write_record

MAIN_CLASS = "org.neo4j.server.CommunityEntryPoint"
JAVA_OPTIONS = (
    "-XX:+UseG1GC",
    "-XX:-OmitStackTraceInFastThrow",
    "-XX:+ExitOnOutOfMemoryError",
    "-Dlog4j2.disable.jmx=true",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
)
LOG_TAIL_LINES = 25
POLL_SECONDS = 0.2
STARTS_ON_TAKEN_PORTS = 3
"""Another program may take a port between its choice and the server's start."""


class LocalServerError(RuntimeError):
    """The server cannot be started, reached or stopped; the message says why and what to do."""


@dataclass(frozen=True)
class ServerSettings:
    """How a local server is run; sizes in megabytes, times in seconds."""

    home: Path
    heap_megabytes: int = 512
    page_cache_megabytes: int = 256
    start_timeout_seconds: float = 180.0
    stop_timeout_seconds: float = 60.0


@dataclass(frozen=True)
class RunningServer:
    """A server's process and how to reach it. ``was_running``: it was found, not started."""

    connection: GraphConnection
    browser_url: str
    password_file: Path
    process_id: int
    started_at: datetime
    was_running: bool


def start(settings: ServerSettings) -> RunningServer:
    """Start the home's server, or find it running; returns once it answers.

    Raises LocalServerError; with the end of the server's log where it did not come up.
    """
    home = ServerHome(settings.home.resolve())
    home.create()
    with _locked(home, settings.start_timeout_seconds):
        running = _process(home)
        if running is not None:
            return _await_answer(home, running, settings, was_running=True)
        for attempt in range(1, STARTS_ON_TAKEN_PORTS + 1):
            process = _spawn(home, settings)
            try:
                return _await_answer(home, process, settings, was_running=False)
            except LocalServerError as error:
                end(process, settings.stop_timeout_seconds)
                home.process_file.unlink()
                if attempt == STARTS_ON_TAKEN_PORTS or "already in use" not in str(error):
                    raise
        raise AssertionError("the last attempt returns or raises")


def stop(settings: ServerSettings) -> bool:
    """End the home's server; True where one was running. No other process is ever signalled."""
    home = ServerHome(settings.home.resolve())
    if not home.process_file.exists():
        return False
    with _locked(home, settings.start_timeout_seconds):
        process = _process(home)
        if process is not None:
            end(process, settings.stop_timeout_seconds)
        home.process_file.unlink(missing_ok=True)
        return process is not None


def status(home_folder: Path) -> RunningServer | None:
    """The home's server, or None where none runs. Does not ask whether it answers."""
    home = ServerHome(home_folder.resolve())
    process = _process(home)
    return None if process is None else _describe(home, process, was_running=True)


@contextmanager
def _locked(home: ServerHome, timeout_seconds: float) -> Iterator[None]:
    try:
        with filelock.FileLock(home.lock_file, timeout=timeout_seconds):
            yield
    except filelock.Timeout as error:
        raise LocalServerError(
            f"{home.folder}: another run has been starting or stopping this server for over "
            f"{timeout_seconds:.0f} s"
        ) from error


def _home_argument(home: ServerHome) -> str:
    return f"--home-dir={home.folder}"


def _process(home: ServerHome) -> psutil.Process | None:
    return recorded_process(read_record(home.process_file), _home_argument(home))


def _spawn(home: ServerHome, settings: ServerSettings) -> psutil.Process:
    try:
        java, jars = find_java(), server_jars()
        heap, page_cache = settings.heap_megabytes, settings.page_cache_megabytes
        home.write_configuration(home.ports(), heap, page_cache)
        ensure_password(home, java, jars)
    except (JavaError, PasswordError) as error:
        raise LocalServerError(str(error)) from error
    arguments = home.folder / "run" / "server.arguments"
    options = (*JAVA_OPTIONS, f"-Xms{heap}m", f"-Xmx{heap}m")
    arguments.write_text(argument_file_text(options, jars, MAIN_CLASS), encoding="utf-8")
    record = start_detached(
        [
            str(java.executable),
            f"@{arguments}",
            _home_argument(home),
            f"--config-dir={home.configuration_folder}",
            "--console-mode",
        ],
        home.log_file,
    )
    write_record(home.process_file, record)
    return psutil.Process(record.process_id)


def _await_answer(
    home: ServerHome, process: psutil.Process, settings: ServerSettings, *, was_running: bool
) -> RunningServer:
    server = _describe(home, process, was_running=was_running)
    deadline = time.monotonic() + settings.start_timeout_seconds
    while True:
        try:
            with open_driver(server.connection), home.connect_http():
                return server
        except (GraphUnavailableError, ConnectionRefusedError) as error:
            if _process(home) is None:
                raise LocalServerError(f"the server ended at once. {_log_tail(home)}") from error
            if time.monotonic() > deadline:
                raise LocalServerError(
                    f"the server (process {process.pid}) does not answer after "
                    f"{settings.start_timeout_seconds:.0f} s: {error}. {_log_tail(home)}"
                ) from error
        time.sleep(POLL_SECONDS)


def _describe(home: ServerHome, process: psutil.Process, *, was_running: bool) -> RunningServer:
    password, ports = home.password(), home.known_ports()
    if password is None or ports is None:
        missing = home.password_file if password is None else home.ports_file
        raise LocalServerError(
            f"process {process.pid} serves {home.folder} but {missing} is missing: put the file "
            f"back, or stop the server and delete {home.data_folder} (the graph is loaded again)"
        )
    return RunningServer(
        connection=GraphConnection(
            uri=f"bolt://{LOOPBACK}:{ports.bolt}", password=SecretStr(password)
        ),
        browser_url=f"http://{LOOPBACK}:{ports.http}/browser/",
        password_file=home.password_file,
        process_id=process.pid,
        started_at=datetime.fromtimestamp(process.create_time(), UTC),
        was_running=was_running,
    )


def _log_tail(home: ServerHome) -> str:
    lines = home.log_file.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join([f"The end of {home.log_file}:", *lines[-LOG_TAIL_LINES:]])


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code. ``status`` exits with 3 where no server runs."""
    parser = argparse.ArgumentParser(prog="python -m graph.local_server", description=__doc__)
    parser.add_argument("action", choices=("start", "stop", "status"))
    parser.add_argument("--home", type=Path, required=True, help="folder of the server")
    parser.add_argument("--heap-megabytes", type=int, default=ServerSettings.heap_megabytes)
    parser.add_argument(
        "--page-cache-megabytes", type=int, default=ServerSettings.page_cache_megabytes
    )
    chosen = parser.parse_args(arguments)
    settings = ServerSettings(chosen.home, chosen.heap_megabytes, chosen.page_cache_megabytes)
    try:
        if chosen.action == "stop":
            outcome = "stopped" if stop(settings) else "no server was running"
            sys.stdout.write(f"{chosen.home}: {outcome}\n")
            return 0
        server = start(settings) if chosen.action == "start" else status(settings.home)
    except LocalServerError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if server is None:
        sys.stdout.write(f"{chosen.home}: no server is running\n")
        return 3
    sys.stdout.write(
        f"Neo4j of {chosen.home} runs as process {server.process_id} since "
        f"{server.started_at:%Y-%m-%d %H:%M:%S} UTC\n"
        f"  Browser   {server.browser_url}\n"
        f"  drivers   {server.connection.uri}\n"
        f"  user      {server.connection.user}, password in {server.password_file}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
