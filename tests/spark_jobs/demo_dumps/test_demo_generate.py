"""The whole generator: same bytes again, sizes, refusals, the command line."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spark_jobs.demo_dumps.__main__ import main
from spark_jobs.demo_dumps.generate import SMALLEST, DemoError, generate
from spark_jobs.sources import read_sources


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        generate(tmp_path / name / "landing", tmp_path / name / "truth", posts=600, seed=3)
    one = digests(tmp_path / "one")
    assert one == digests(tmp_path / "two")
    assert len(one) > 30


def test_another_seed_gives_other_files(tmp_path: Path) -> None:
    for seed in (3, 4):
        generate(tmp_path / f"l{seed}", tmp_path / f"t{seed}", posts=300, seed=seed)
    one, two = digests(tmp_path / "l3"), digests(tmp_path / "l4")
    assert [name for name in one if one[name] == two.get(name)] == []


@pytest.mark.parametrize("posts", [SMALLEST, 1_000, 4_000])
def test_size_is_met_to_within_a_tenth(tmp_path: Path, posts: int) -> None:
    summary = generate(tmp_path / "landing", tmp_path / "truth", posts=posts)
    assert posts * 0.9 <= summary.posts <= posts * 1.1 + 60
    assert set(summary.posts_by_source) == {"x", "customer_care", "reddit"}


def test_everything_happens_before_the_end(tmp_path: Path) -> None:
    end = datetime(2025, 3, 31, 1, 0, tzinfo=UTC)  # the hour after clocks go forward in Paris
    generate(tmp_path / "landing", tmp_path / "truth", posts=400, end=end)
    lines = (tmp_path / "truth" / "posts.csv").read_text(encoding="utf-8").splitlines()[1:]
    moments = [datetime.fromisoformat(line.split(",")[2]) for line in lines]
    assert max(moments) < end
    assert (end - min(moments)).days <= 91


def test_folders_that_hold_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "landing").mkdir()
    (tmp_path / "landing" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(DemoError, match="landing folder already holds files"):
        generate(tmp_path / "landing", tmp_path / "truth", posts=300)
    assert not (tmp_path / "truth").exists()


def test_too_small_and_zoneless_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="smallest demo has 200"):
        generate(tmp_path / "landing", tmp_path / "truth", posts=10)
    with pytest.raises(DemoError, match="no time zone"):
        generate(tmp_path / "landing", tmp_path / "truth", end=datetime(2026, 1, 1))  # noqa: DTZ001


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [str(tmp_path / "landing"), str(tmp_path / "truth"), "--posts", "300"]
    assert main(arguments) == 0
    assert "posts/s" in capsys.readouterr().out
    assert main(arguments) == 2
    assert "already holds files" in capsys.readouterr().err


def test_sources_file_declares_brands_and_accounts(tmp_path: Path) -> None:
    generate(tmp_path / "landing", tmp_path / "truth", posts=300)
    sources = read_sources(tmp_path / "landing" / "sources.yaml")
    assert [brand.name for brand in sources.brands if brand.is_competitor] == ["Fluxo"]
    accounts = sources.named("x").brand_accounts
    assert [account.account for account in accounts if account.is_automated] == ["OndeaReseau"]
    assert {account.department for account in accounts} == {"support", "communication"}
    assert sources.named("crm_orders").time_zone == "Europe/Paris"
