"""The local server: found again, ended alone, private, on loopback only."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
import threading
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from ipaddress import ip_address
from pathlib import Path

import psutil
import pytest
from jgo.env import Environment

from graph import java, local_server
from graph.connection import GraphConnection, open_driver
from graph.java import JavaError, argument_file_text, find_java
from graph.local_server import LocalServerError, RunningServer, ServerSettings, main, start, status
from graph.local_server import stop as stop_server
from graph.server_home import ServerHome
from graph.server_process import ProcessRecord, read_record, recorded_process, write_record


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A live process that is not a server."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def home_of(server: RunningServer) -> ServerHome:
    return ServerHome(server.password_file.parent)


def test_running_server_is_found_again(neo4j_server: RunningServer) -> None:
    again = start(ServerSettings(home_of(neo4j_server).folder))
    assert again.was_running
    assert not neo4j_server.was_running
    assert again.process_id == neo4j_server.process_id
    assert again.connection == neo4j_server.connection
    assert status(home_of(neo4j_server).folder) == again


def test_starts_at_the_same_time_share_one_server(neo4j_server: RunningServer) -> None:
    found: list[int] = []
    settings = ServerSettings(home_of(neo4j_server).folder)
    threads = [
        threading.Thread(target=lambda: found.append(start(settings).process_id)) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [neo4j_server.process_id] * 3


def test_server_listens_on_loopback_only(neo4j_server: RunningServer) -> None:
    listening = [
        connection.laddr
        for connection in psutil.Process(neo4j_server.process_id).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    ports = home_of(neo4j_server).known_ports()
    assert ports is not None
    assert {address.port for address in listening} == set(asdict(ports).values())
    for address in listening:
        parsed = ip_address(address.ip)
        assert (getattr(parsed, "ipv4_mapped", None) or parsed).is_loopback


def test_password_is_private(neo4j_server: RunningServer) -> None:
    home = home_of(neo4j_server)
    password = home.password()
    assert password is not None
    assert len(password) >= 32
    assert stat.S_IMODE(home.password_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700
    process = psutil.Process(neo4j_server.process_id)
    assert password not in " ".join(process.cmdline())
    assert password not in repr(neo4j_server)
    holding = [
        path
        for path in home.folder.rglob("*")
        if path.is_file() and password.encode() in path.read_bytes()
    ]
    assert holding == [home.password_file]


def test_server_sees_no_secret_of_the_environment(neo4j_server: RunningServer) -> None:
    environment = psutil.Process(neo4j_server.process_id).environ()
    assert set(environment) <= {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "TZ"}


def test_browser_is_served(neo4j_server: RunningServer) -> None:
    with urllib.request.urlopen(neo4j_server.browser_url, timeout=30) as page:  # noqa: S310
        assert b"Neo4j Browser" in page.read()


def test_nothing_is_reported(neo4j_server: RunningServer) -> None:
    with open_driver(neo4j_server.connection) as driver:
        records = driver.execute_query(
            "SHOW SETTINGS 'dbms.usage_report.enabled', 'client.allow_telemetry', "
            "'server.https.enabled' YIELD name, value"
        ).records
    assert {record["name"]: record["value"] for record in records} == {
        "dbms.usage_report.enabled": "false",
        "client.allow_telemetry": "false",
        "server.https.enabled": "false",
    }


def test_second_home_lives_and_ends_beside_the_first(
    neo4j_server: RunningServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "home with a space"
    assert main(["start", "--home", str(folder), "--heap-megabytes", "256"]) == 0
    try:
        shown = capsys.readouterr().out
        second = status(folder)
        assert second is not None
        assert second.process_id != neo4j_server.process_id
        assert second.browser_url in shown
        assert second.connection.password.get_secret_value() not in shown
        with open_driver(second.connection) as driver:
            driver.execute_query("CREATE (:Kept)")
        with open_driver(neo4j_server.connection) as driver:
            assert driver.execute_query("MATCH (k:Kept) RETURN k").records == []

        killed = psutil.Process(second.process_id)
        killed.kill()
        killed.wait(30)
        assert status(folder) is None

        third = start(ServerSettings(folder, heap_megabytes=256))
        assert not third.was_running
        assert third.process_id != second.process_id
        assert third.connection == second.connection  # the same ports and password
        with open_driver(third.connection) as driver:
            assert len(driver.execute_query("MATCH (k:Kept) RETURN k").records) == 1
    finally:
        assert main(["stop", "--home", str(folder)]) == 0
    assert not psutil.pid_exists(third.process_id)
    assert main(["status", "--home", str(folder)]) == 3
    assert main(["stop", "--home", str(folder)]) == 0
    assert psutil.pid_exists(neo4j_server.process_id)


@pytest.mark.parametrize("start_time_off_by", [0.0, 3_600.0])
def test_recycled_process_id_is_neither_found_nor_ended(
    tmp_path: Path, stranger: subprocess.Popen[bytes], start_time_off_by: float
) -> None:
    home = ServerHome(tmp_path)
    home.create()
    started_at = psutil.Process(stranger.pid).create_time() - start_time_off_by
    write_record(home.process_file, ProcessRecord(stranger.pid, started_at))
    assert status(tmp_path) is None
    assert not stop_server(ServerSettings(tmp_path))
    assert stranger.poll() is None
    assert not home.process_file.exists()


def test_process_is_known_by_id_start_and_argument(stranger: subprocess.Popen[bytes]) -> None:
    started_at = psutil.Process(stranger.pid).create_time()
    record = ProcessRecord(stranger.pid, started_at)
    assert recorded_process(record, "input()") is not None
    assert recorded_process(record, "--home-dir=elsewhere") is None
    assert recorded_process(ProcessRecord(stranger.pid, started_at - 60), "input()") is None
    assert recorded_process(None, "input()") is None
    stranger.kill()
    os.waitid(os.P_PID, stranger.pid, os.WEXITED | os.WNOWAIT)
    assert recorded_process(record, "input()") is None  # ended, though not yet waited for


@pytest.mark.parametrize("content", ["", "{", "[]", '{"process_id": 1}', '{"other": 1}'])
def test_unreadable_record_is_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "process.json"
    path.write_text(content)
    assert read_record(path) is None
    assert read_record(tmp_path / "absent.json") is None


def test_failed_start_shows_the_end_of_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_server, "MAIN_CLASS", "org.example.Absent")
    with pytest.raises(LocalServerError, match=r"ended at once(.|\n)*org\.example\.Absent"):
        start(ServerSettings(tmp_path / "home"))
    assert status(tmp_path / "home") is None


def test_server_that_does_not_answer_is_ended(tmp_path: Path) -> None:
    with pytest.raises(LocalServerError, match=r"does not answer after 0 s"):
        start(ServerSettings(tmp_path / "home", start_timeout_seconds=0.05))
    assert status(tmp_path / "home") is None


def test_lost_password_is_explained(tmp_path: Path) -> None:
    home = ServerHome(tmp_path)
    home.create()
    home.initial_password_file.parent.mkdir()
    home.initial_password_file.touch()
    with pytest.raises(LocalServerError, match="password is missing, so the server's data"):
        start(ServerSettings(tmp_path))


def test_taken_ports_are_replaced_and_free_ones_kept(tmp_path: Path) -> None:
    home = ServerHome(tmp_path)
    home.create()
    first = home.ports()
    assert first.bolt != first.http
    assert home.ports() == first
    with socket.create_server(("127.0.0.1", first.bolt)):
        second = home.ports()
    assert second.bolt != first.bolt
    assert json.loads(home.ports_file.read_text()) == asdict(second)


def _java_that_says(folder: Path, line: str) -> None:
    executable = folder / "java"
    executable.write_text(f"#!/bin/sh\necho '{line}' >&2\n")
    executable.chmod(0o755)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('openjdk version "11.0.2" 2019-01-15', "is Java 11: install Java 17 or newer"),
        ('java version "1.8.0_392"', "is Java 8: install Java 17 or newer"),
        ("Error", "does not tell its version"),
    ],
)
def test_old_java_is_named_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, fault: str
) -> None:
    _java_that_says(tmp_path, line)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(JavaError) as raised:
        find_java()
    assert fault in str(raised.value)
    assert "\n" not in str(raised.value)


def test_newer_java_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    _java_that_says(tmp_path / "bin", 'openjdk version "21" 2023-09-19')
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert find_java() == java.Java(tmp_path / "bin" / "java", 21)


def test_missing_java_is_said_before_anything_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["start", "--home", str(tmp_path / "home")]) == 1
    error = capsys.readouterr().err
    assert error.startswith("no java on the path: install Java 17 or newer")
    assert error.count("\n") == 1


def test_half_written_jars_are_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interrupted download leaves a folder without its lock, and a jar cut short."""
    repository = tmp_path / "repository" / "org" / "example"
    jars = tmp_path / "environment" / "jars"
    for folder in (repository, jars):
        folder.mkdir(parents=True)
        (folder / "server.jar").write_bytes(b"PK cut short")
    updates: list[bool] = []

    def build(_: str, update: bool = False) -> Environment:
        updates.append(update)
        if update:
            (jars.parent / "jgo.lock.toml").write_text("")
        if not (repository / "server.jar").exists():
            with zipfile.ZipFile(jars / "server.jar", "w") as jar:
                jar.writestr("Main.class", "")
        return Environment(jars.parent)

    monkeypatch.setattr(java.jgo, "build", build)
    monkeypatch.setattr(
        Environment, "lockfile", property(lambda self: self.lock_path.exists() or None)
    )
    monkeypatch.setattr(
        java.GlobalSettings,
        "load",
        lambda: java.GlobalSettings(cache_dir=tmp_path, repo_cache=tmp_path / "repository"),
    )
    assert java.server_jars() == ((jars / "server.jar").resolve(),)
    assert updates == [False, True, True]


def test_argument_file_quotes_paths() -> None:
    text = argument_file_text(("-Xmx1m",), (Path("/a b/c.jar"), Path("/d\\e.jar")), "Main", "--x")
    assert text == '-Xmx1m\n-cp\n"/a b/c.jar:/d\\\\e.jar"\nMain\n--x\n'


@pytest.mark.parametrize("uri", ["localhost:7687", "http://localhost", "bolt://", ""])
def test_address_must_be_of_a_driver(uri: str) -> None:
    with pytest.raises(ValueError, match="uri"):
        GraphConnection(uri=uri, password="x")
