"""The password of a local server, set before its first start.

The server's own administration tool takes the password as an argument. It is given in a file of
arguments that only the owner reads and that is deleted again: a command line is visible to
everyone on the machine, and a server first started with the default password would be open to
whoever asks sooner.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from graph.java import Java, argument_file_text
from graph.server_home import ServerHome, write_private
from graph.server_process import inherited_environment

ADMINISTRATION_CLASS = "org.neo4j.cli.AdminTool"
TIMEOUT_SECONDS = 120.0


class PasswordError(RuntimeError):
    """The server's password is lost or cannot be set; the message says what to do."""


def ensure_password(home: ServerHome, java: Java, jars: Sequence[Path]) -> None:
    """Give user neo4j a generated password, unless an earlier start already did.

    The configuration file must have been written. A run that ended half way is completed.
    Raises PasswordError.
    """
    is_set = home.initial_password_file.exists()
    if is_set and home.password() is None:
        raise PasswordError(
            f"{home.password_file} is missing, so the server's data cannot be opened: put the "
            f"file back, or delete {home.data_folder} (the graph is then loaded again)"
        )
    if not is_set:
        _set_initial_password(home, java, jars, home.password() or home.create_password())


def _set_initial_password(
    home: ServerHome, java: Java, jars: Sequence[Path], password: str
) -> None:
    command = (ADMINISTRATION_CLASS, "dbms", "set-initial-password", password)
    arguments = home.folder / "run" / "password.arguments"
    arguments.unlink(missing_ok=True)
    write_private(arguments, argument_file_text(("-Xmx128m",), jars, *command))
    try:
        finished = subprocess.run(
            [str(java.executable), f"@{arguments}"],
            env=inherited_environment(os.environ)
            | {"NEO4J_HOME": str(home.folder), "NEO4J_CONF": str(home.configuration_folder)},
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PasswordError(
            f"setting the password of {home.folder} took over {TIMEOUT_SECONDS:.0f} s"
        ) from error
    finally:
        arguments.unlink()
    if finished.returncode != 0:
        raise PasswordError(
            f"the password of {home.folder} could not be set: "
            f"{(finished.stderr or finished.stdout).strip().replace(password, '***')}"
        )
