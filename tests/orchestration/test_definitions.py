"""What Dagster loads: every stage an asset, every gate a blocking check, one job over all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from dagster import AssetKey, Definitions

from orchestration.assets.verdict import VERDICT
from orchestration.checks import GATE
from orchestration.definitions import build_definitions
from orchestration.jobs import WHOLE_FLOW
from orchestration.settings import Settings

from .conftest import NewHome

GATED = {
    "bronze_x",
    "bronze_x_v1",
    "bronze_customer_care",
    "bronze_reddit",
    "bronze_mastodon",
    "bronze_youtube",
    "bronze_discourse",
    "bronze_stackexchange",
    "bronze_crm_customers",
    "bronze_crm_orders",
    "bronze_crm_order_lines",
    "bronze_crm_surveys",
    "bronze_crm_loyalty",
    "bronze_crm_consents",
    "bronze_crm_identity_decisions",
    "bronze_hacker_news",
    "bronze_facebook",
    "silver_text_annotations",
    "silver_topics",
    "published_warehouse",
}


@pytest.fixture(scope="module")
def definitions(new_home: NewHome, tmp_path_factory: pytest.TempPathFactory) -> Definitions:
    home = new_home(tmp_path_factory.mktemp("definitions") / "home")
    return build_definitions(Settings(home=home.root))


def test_the_definitions_load_in_a_fresh_interpreter_with_nothing_set(tmp_path: Path) -> None:
    bare = {name: os.environ[name] for name in ("PATH",)}
    subprocess.run(
        [
            sys.executable,
            "-c",
            "from orchestration.definitions import defs; defs()",
        ],
        cwd=tmp_path,
        env=bare,
        check=True,
    )


def test_one_job_holds_every_asset_and_every_check(definitions: Definitions) -> None:
    job = definitions.resolve_job_def(WHOLE_FLOW)
    graph = definitions.resolve_asset_graph()
    assert set(job.asset_layer.executable_asset_keys) == set(graph.executable_asset_keys)
    assert {
        check.asset_key.to_user_string() for check in graph.asset_check_keys if check.name == GATE
    } == GATED


def test_every_gate_blocks_but_those_of_single_sources(definitions: Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    gates = [check for check in graph.asset_check_keys if check.name in (GATE, "parity")]
    assert len(gates) == len(GATED) + 1
    for check in gates:
        is_of_a_source = check.asset_key.to_user_string().startswith("bronze_")
        assert graph.get_check_spec(check).blocking is not is_of_a_source


def test_the_verdict_hangs_on_every_source_and_nothing_on_it(definitions: Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    verdict = graph.get(VERDICT)
    assert {key.to_user_string() for key in verdict.parent_keys} == {
        name for name in GATED if name.startswith("bronze_")
    }
    assert not verdict.child_keys


@pytest.mark.parametrize(
    ("behind", "before"),
    [
        ("silver_text_annotations", {"bronze_x", "bronze_crm_surveys"}),
        ("stg_social__posts", {"bronze_x", "bronze_customer_care", "bronze_reddit"}),
        ("stg_crm__orders", {"bronze_crm_orders"}),
        ("stg_nlp__text_annotations", {"silver_text_annotations"}),
        ("silver_topics", {"silver_text_annotations"}),
        ("stg_nlp__text_topics", {"silver_topics"}),
        ("published_warehouse", {"dim_customers", "fct_posts", "edge_accounts__helped"}),
        ("customer_graph", {"published_warehouse"}),
    ],
)
def test_each_stage_hangs_on_the_one_before(
    definitions: Definitions, behind: str, before: set[str]
) -> None:
    parents = definitions.resolve_asset_graph().get(AssetKey(behind)).parent_keys
    assert before <= {key.to_user_string() for key in parents}


def test_every_asset_says_what_it_is(definitions: Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    assert [key for key in graph.executable_asset_keys if not graph.get(key).description] == []


def test_assets_are_grouped_by_layer(definitions: Definitions) -> None:
    nodes = definitions.resolve_asset_graph().asset_nodes
    assert {node.group_name for node in nodes if node.is_executable} == {
        "bronze",
        "silver",
        "seeds",
        "staging",
        "intermediate",
        "marts",
        "restricted",
        "published",
        "graph",
    }
