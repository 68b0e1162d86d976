"""The folder of a local Neo4j server: its layout, ports, password and configuration file.

Everything a server needs or leaves behind lies below its home, so two homes never touch each
other. Processes are ``graph.server_process``'s; starting and stopping is ``graph.local_server``'s.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Ports:
    """The two ports a server listens on, both on loopback."""

    bolt: int
    http: int


@dataclass(frozen=True)
class ServerHome:
    """The paths below one server's home."""

    folder: Path

    @property
    def configuration_folder(self) -> Path:
        """Folder of ``neo4j.conf``."""
        return self.folder / "conf"

    @property
    def data_folder(self) -> Path:
        """Folder of the databases and of the server's users."""
        return self.folder / "data"

    @property
    def log_file(self) -> Path:
        """What the server's process printed since it was last started."""
        return self.folder / "logs" / "console.log"

    @property
    def password_file(self) -> Path:
        """The password of user neo4j, readable by its owner only."""
        return self.folder / "password"

    @property
    def initial_password_file(self) -> Path:
        """The hash of the first password, written by the server's own tool before any start."""
        return self.data_folder / "dbms" / "auth.ini"

    @property
    def process_file(self) -> Path:
        """The server's process id and start time."""
        return self.folder / "run" / "process.json"

    @property
    def ports_file(self) -> Path:
        """The ports used last."""
        return self.folder / "run" / "ports.json"

    @property
    def lock_file(self) -> Path:
        """Held while a server is started or stopped."""
        return self.folder / "run" / "server.lock"

    def create(self) -> None:
        """Make the folders; what others could read of them is closed to everyone but the owner."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        for name in ("conf", "data", "import", "logs", "plugins", "run"):
            (self.folder / name).mkdir(exist_ok=True)

    def password(self) -> str | None:
        """The password, or None where none was generated yet."""
        try:
            return self.password_file.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None

    def create_password(self) -> str:
        """Generate a password and write it to a new file that only its owner reads."""
        password = secrets.token_hex(24)
        write_private(self.password_file, password + "\n")
        return password

    def known_ports(self) -> Ports | None:
        """The ports used last, or None where the server never started."""
        try:
            return Ports(**json.loads(self.ports_file.read_text(encoding="ascii")))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def ports(self) -> Ports:
        """The ports used last where they are free, else new free ones, kept for the next start."""
        ports = self.known_ports()
        if ports is None or not (_is_free(ports.bolt) and _is_free(ports.http)):
            ports = _free_ports()
            self.ports_file.write_text(json.dumps(asdict(ports)), encoding="ascii")
        return ports

    def connect_http(self) -> socket.socket:
        """A connection to the web server, which opens after bolt does; OSError until then."""
        ports = self.known_ports()
        if ports is None:
            raise ConnectionRefusedError(f"{self.ports_file} is missing")
        return socket.create_connection((LOOPBACK, ports.http), timeout=10)

    def write_configuration(
        self, ports: Ports, heap_megabytes: int, page_cache_megabytes: int
    ) -> None:
        """Write ``neo4j.conf``: loopback only, bolt and http, nothing reported to anyone."""
        settings = {
            "server.default_listen_address": LOOPBACK,
            "server.default_advertised_address": LOOPBACK,
            "server.bolt.enabled": "true",
            "server.bolt.listen_address": f"{LOOPBACK}:{ports.bolt}",
            "server.bolt.advertised_address": f"{LOOPBACK}:{ports.bolt}",
            # Ten seconds of waiting, at each stop, for packets that nobody on loopback sends.
            "internal.dbms.bolt.netty_server_shutdown_quiet_period": "0",
            "server.http.enabled": "true",
            "server.http.listen_address": f"{LOOPBACK}:{ports.http}",
            "server.http.advertised_address": f"{LOOPBACK}:{ports.http}",
            "server.https.enabled": "false",
            "dbms.security.auth_enabled": "true",
            "dbms.security.allow_csv_import_from_file_urls": "false",
            "dbms.usage_report.enabled": "false",
            "client.allow_telemetry": "false",
            "server.memory.heap.initial_size": f"{heap_megabytes}m",
            "server.memory.heap.max_size": f"{heap_megabytes}m",
            "server.memory.pagecache.size": f"{page_cache_megabytes}m",
            "db.tx_log.preallocate": "false",
            "db.tx_log.rotation.retention_policy": "keep_none",
            "db.tx_log.rotation.size": "64m",
            "server.config.strict_validation.enabled": "true",
        }
        lines = "".join(f"{name}={value}\n" for name, value in settings.items())
        (self.configuration_folder / "neo4j.conf").write_text(lines, encoding="utf-8")


def write_private(path: Path, text: str) -> None:
    """Write a new file with mode 0600 from its first byte; FileExistsError where there is one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the server does: a port that only old connections linger on counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _free_ports() -> Ports:
    with ExitStack() as stack:
        probes = [
            stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) for _ in range(2)
        ]
        for probe in probes:  # both held at once, so that they differ
            probe.bind((LOOPBACK, 0))
        bolt, http = (probe.getsockname()[1] for probe in probes)
    return Ports(bolt=bolt, http=http)
