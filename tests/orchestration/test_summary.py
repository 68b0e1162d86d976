"""What a run tells at a terminal of what it found for the first time."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pytest

from orchestration.summary import _print_new_fields


def test_only_fields_that_this_run_saw_first_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    with duckdb.connect() as warehouse:
        warehouse.execute("set TimeZone = 'UTC'")
        warehouse.execute(
            """
            create table mart_capture_fields as
            select 'x' as source, field_name, 'x/a.jsonl' as first_file, 2 as files_count, seen_at
                as first_captured_at
            from (
                values
                ('known', timestamptz '2026-01-01 09:00:00'),
                ('fresh', timestamptz '2026-01-02 09:00:00')
            ) as fields (field_name, seen_at)
            """
        )
        _print_new_fields(warehouse, datetime(2026, 1, 2, tzinfo=UTC))
        told = capsys.readouterr().out
        assert "fresh" in told
        assert "known" not in told
        _print_new_fields(warehouse, datetime(2026, 1, 3, tzinfo=UTC))
        assert capsys.readouterr().out == ""
