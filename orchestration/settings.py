"""What a user can set, from the environment; nothing else reads the environment.

Every name starts with CAUSERIE_, but for those that other tools already use, such as NEO4J_URI.
A misspelt CAUSERIE_ name is an error, not a setting that silently does nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "CAUSERIE_"
DEFAULT_HOME = Path(".causerie")


class SettingsError(ValueError):
    """The environment holds a setting that cannot be used; the message names it."""


class Settings(BaseSettings):
    """The settings of one home."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, populate_by_name=True
    )

    home: Path = Field(
        default=DEFAULT_HOME, description="Folder of all that a run writes; one data set each."
    )
    landing: Path | None = Field(
        default=None, description="Folder of raw dumps. Default: landing in the home."
    )
    sources: Path | None = Field(
        default=None,
        description="Sources file. Default: sources.yaml in the landing folder, else the shipped.",
    )
    secret: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="Key of the hashes that stand for e-mail addresses and phone numbers. "
        "Default: one is made, and kept in the home.",
    )
    spark_master: str = Field(
        default="local[*]",
        validation_alias=AliasChoices("SPARK_MASTER", "CAUSERIE_SPARK_MASTER"),
        description="Spark master that jobs run on.",
    )
    neo4j_uri: str | None = Field(
        default=None,
        validation_alias=AliasChoices("NEO4J_URI", "CAUSERIE_NEO4J_URI"),
        description="Neo4j to load. Default: a server of the home's own, started when needed.",
    )
    neo4j_user: str = Field(
        default="neo4j",
        validation_alias=AliasChoices("NEO4J_USER", "CAUSERIE_NEO4J_USER"),
        description="User of that Neo4j.",
    )
    neo4j_password: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("NEO4J_PASSWORD", "CAUSERIE_NEO4J_PASSWORD"),
        description="Password of that Neo4j.",
    )
    neo4j_database: str = Field(
        default="neo4j",
        validation_alias=AliasChoices("NEO4J_DATABASE", "CAUSERIE_NEO4J_DATABASE"),
        description="Database of that Neo4j.",
    )
    accepted_annotation_version: str | None = Field(
        default=None,
        description="Version of the annotations that may part from the one before: no drift is "
        "looked for.",
    )
    dagster_port: int = Field(
        default=3000, ge=1024, le=65535, description="Port of the Dagster UI, on loopback."
    )
    schedule: str = Field(
        default="0 5 * * *", description="When the whole flow runs daily, as a cron expression."
    )


def read_settings() -> Settings:
    """The settings of this process's environment.

    Raises SettingsError naming the variable at fault.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingsError(
            f"unknown settings {', '.join(unknown)}; known are {', '.join(sorted(known))}"
        )
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_input=False)
        )
        raise SettingsError(f"settings in the environment: {faults}") from error
