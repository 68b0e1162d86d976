"""What a person sees while a run works: each stage's name, what it did, how long it took."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dagster import AssetExecutionContext, InitLoggerContext, LoggerDefinition

MARK = "▸ "
"""How a line for the person at the terminal begins."""


@dataclass(frozen=True)
class Stage:
    """A running stage."""

    context: AssetExecutionContext
    name: str
    started: float

    def say(self, message: str) -> None:
        """Tell the person and the run's log."""
        self.context.log.info(f"{MARK}{self.name:<9} {message}")

    @property
    def seconds(self) -> float:
        """Time since the stage began."""
        return round(time.monotonic() - self.started, 2)


@contextmanager
def stage(context: AssetExecutionContext, name: str) -> Iterator[Stage]:
    """Announce a stage, and its end with the seconds it took; a failure is told by its error."""
    running = Stage(context, name, time.monotonic())
    running.say("starts")
    yield running
    running.say(f"done in {running.seconds:.1f} s")


class _MessageOnly(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        meta = getattr(record, "dagster_meta", {})
        return str(meta.get("orig_message", record.getMessage()))


def _is_ours(record: logging.LogRecord) -> bool:
    """Dagster's and its integrations' lines are in its UI; a terminal shows what stages say."""
    return _MessageOnly().format(record).startswith(MARK)


def terminal_logger() -> LoggerDefinition:
    """A logger that prints what stages say, one line each, and nothing of Dagster's own."""

    def terminal(_: InitLoggerContext) -> logging.Logger:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(_MessageOnly())
        handler.addFilter(_is_ours)
        made = logging.Logger("causerie", level=logging.INFO)
        made.addHandler(handler)
        return made

    return LoggerDefinition(terminal, description="Prints the progress of stages.")
