"""Java and the Neo4j server's jars.

Finds a Java that is new enough, has jgo resolve the server's coordinates, and words the argument
file a Java command is started with. Nothing here starts a server.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import filelock
import jgo
from jgo.config import GlobalSettings

OLDEST_JAVA = 17
NEO4J_VERSION = "5.26.30"
COORDINATES = (
    f"org.neo4j:neo4j:{NEO4J_VERSION}",
    f"org.neo4j.app:neo4j-server:{NEO4J_VERSION}",
    "org.neo4j.client:neo4j-browser:5.24.0",
)


class JavaError(RuntimeError):
    """Java is absent or too old, or the jars cannot be had; the message says what to do."""


@dataclass(frozen=True)
class Java:
    """A Java runtime: its executable and its feature release, such as 17."""

    executable: Path
    release: int


def find_java() -> Java:
    """The Java of ``JAVA_HOME`` if that is set, else the first on the path.

    Raises JavaError, in one line, where there is none or it is older than 17.
    """
    remedy = f"install Java {OLDEST_JAVA} or newer (Debian: openjdk-17-jre-headless)"
    java_home = os.environ.get("JAVA_HOME")
    executable = shutil.which(str(Path(java_home) / "bin" / "java") if java_home else "java")
    if executable is None:
        where = f"below JAVA_HOME={java_home}" if java_home else "on the path"
        raise JavaError(f"no java {where}: {remedy}")
    shown = subprocess.run(
        [executable, "-version"], capture_output=True, text=True, timeout=60, check=False
    )
    version = re.search(r'version "(?:1\.)?(\d+)', shown.stderr)
    if version is None:
        raise JavaError(f"{executable} -version does not tell its version: {remedy}")
    release = int(version.group(1))
    if release < OLDEST_JAVA:
        raise JavaError(f"{executable} is Java {release}: {remedy}")
    return Java(Path(executable), release)


def server_jars() -> tuple[Path, ...]:
    """The server's jars, resolved by jgo into its own cache the first time (about 150 MB).

    Runs that start together wait for one another. Raises JavaError where they cannot be had.
    """
    settings = GlobalSettings.load()
    settings.cache_dir.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(settings.cache_dir / "causerie-neo4j.lock"):
        try:
            return _resolved(settings.repo_cache)
        except (OSError, RuntimeError, ValueError) as error:
            raise JavaError(
                f"the jars of Neo4j {NEO4J_VERSION} cannot be had ({error}): "
                "check that Maven Central, or your mirror of it, is reachable"
            ) from error


def _resolved(repository: Path) -> tuple[Path, ...]:
    """The jars, mended where an interrupted earlier run left a folder or a file half written.

    jgo takes a folder with some jars for a whole one, and a file that is there for a good one.
    """
    endpoint = "+".join(COORDINATES)
    environment = jgo.build(endpoint)
    if environment.lockfile is None:  # written last, so its absence means an interrupted build
        environment = jgo.build(endpoint, update=True)
    broken = [jar for jar in environment.all_jars if not zipfile.is_zipfile(jar)]
    if broken:
        for jar in broken:
            for copy in (jar, *repository.rglob(jar.name)):
                copy.unlink(missing_ok=True)
        environment = jgo.build(endpoint, update=True)
    jars = environment.all_jars
    still_broken = [jar.name for jar in jars if not zipfile.is_zipfile(jar)]
    if still_broken or not jars:
        raise ValueError(f"{environment.path} holds no readable {still_broken or 'jars'}")
    return tuple(jar.resolve() for jar in jars)


def argument_file_text(options: Sequence[str], jars: Sequence[Path], *command: str) -> str:
    """What a Java argument file (``java @file``) says: options, class path, class, arguments.

    A command line has a limit, and everyone on the machine can read it; a file has neither fault.
    Paths may hold spaces.
    """
    class_path = os.pathsep.join(str(jar) for jar in jars).replace("\\", "\\\\")
    return "\n".join((*options, "-cp", f'"{class_path}"', *command)) + "\n"
