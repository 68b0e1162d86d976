"""Every query of the library, on a real server, over a graph with known answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from neo4j import Driver
from neo4j_server import empty
from published import write_published
from published_sample import account, at, sample_rows, tie

from graph.connection import open_driver
from graph.loader import load
from graph.local_server import RunningServer
from graph.model import ELEMENTS
from graph.query_library import read_library, run_query
from graph.schema import Relationship

LIBRARY = read_library()
K2_REASONS = ["never answered", "ends negative", "feeling got worse"]

# For each query: the parameters, and the values expected of some columns, row by row.
ANSWERS: dict[str, list[tuple[dict[str, Any], list[dict[str, Any]]]]] = {
    "influencers": [
        (
            {"limit": 2},
            [
                {
                    "handle": "ben",
                    "page_rank_score": 0.4,
                    "influence_weight": 2.5,
                    "amplifiers_count": 2,
                    "leading_amplifiers": ["cleo", "ana"],
                    "core_number": 2,
                },
                {"handle": "cleo", "influence_weight": 1.0, "amplifiers_count": 1},
            ],
        ),
        (
            {"limit": 4, "include_brands": True},
            [
                {"handle": "eve"},
                {"handle": "ben"},
                {"handle": "cleo"},
                {"handle": "lumio", "amplifiers_count": 0},
            ],
        ),
        ({"channel": "reddit"}, [{"handle": "ana_r", "influence_weight": 0.0}]),
    ],
    "who_helps_whom": [
        (
            {},
            [
                {"helper": "ben", "asker": "cleo", "answers_count": 2, "thanked_count": 1},
                {"helper": "cleo", "asker": "dan", "answers_count": 1, "first_at": at(6, 9)},
            ],
        ),
        ({"channel": "reddit"}, []),
    ],
    "top_helpers": [
        (
            {},
            [
                {
                    "helper": "ben",
                    "expertise_score": 2**0.5,
                    "questions_count": 0,
                    "askers_count": 1,
                    "evidence": [
                        {
                            "post_id": "r2",
                            "answer": "text of r2",
                            "question": "text of q2",
                            "created_at": at(3, 10, 30),
                        }
                    ],
                }
            ],
        ),
        (
            {"minimum_answers": 1},
            [
                {"helper": "ben"},
                {"helper": "cleo", "expertise_score": 0.0, "questions_count": 1, "evidence": []},
            ],
        ),
    ],
    "bridges_between_communities": [
        (
            {},
            [
                {"handle": "ben", "other_communities": ["2"], "crossing_weight": 6.0},
                {"handle": "cleo", "other_communities": ["1"], "crossing_weight": 6.0},
                {"handle": "ana", "other_accounts_count": 1, "crossing_weight": 1.0},
                {"handle": "dan", "crossing_weight": 1.0},
            ],
        ),
        (
            {"include_brands": True, "limit": 1},
            [{"handle": "cleo", "other_accounts_count": 2, "crossing_weight": 7.0}],
        ),
    ],
    "cascades": [
        (
            {},
            [
                {
                    "author": "ben",
                    "post_id": "c0",
                    "size": 4,
                    "depth": 2,
                    "maximum_breadth": 2,
                    "generations": [1, 2, 1],
                    # Distances c0 c1 c2 c3: 1 + 2 + 1 + 1 + 2 + 3 over six pairs.
                    "structural_virality": 10 / 6,
                    "first_at": at(5, 9),
                    "last_at": at(5, 12),
                }
            ],
        ),
        ({"minimum_size": 5}, []),
    ],
    "unanswered_questions": [
        (
            {},
            [
                {"post_id": "q4", "asker": "dan", "is_out_of_hours": True, "waiting_hours": 0.0},
                {"post_id": "q3", "is_out_of_hours": False, "waiting_hours": 73.0},
            ],
        ),
        ({"only_out_of_hours": True}, [{"post_id": "q4"}]),
        ({"closes_at": 12, "only_out_of_hours": True}, [{"post_id": "q4"}, {"post_id": "q3"}]),
        ({"channel": "reddit"}, []),
    ],
    "reciprocity": [
        (
            {},
            [
                {
                    "between": "brand and customers",
                    "accounts_count": 3,
                    "ties_count": 3,
                    "mutual_ties_count": 2,
                    "reciprocity_rate": 2 / 3,
                    "density_rate": 0.75,
                    "reciprocity_against_chance_score": -1 / 3,
                    "weighted_reciprocity_rate": 0.4,
                },
                {
                    "between": "customers",
                    "accounts_count": 4,
                    "ties_count": 3,
                    "mutual_ties_count": 2,
                    "density_rate": 0.25,
                    "reciprocity_against_chance_score": 5 / 9,
                    "weighted_reciprocity_rate": 0.5,
                },
            ],
        )
    ],
    "accounts_of_a_person": [
        (
            {"handle": "ANA"},
            [
                {"person": "Ana", "customer_id": "C1", "handle": "ana", "channel": "x"},
                {"person": "Ana", "handle": "ana_r", "channel": "reddit", "posts_count": 2},
            ],
        ),
        ({"handle": "lumio"}, []),
    ],
    "answering_accounts": [
        (
            {"brand": "lumio"},
            [
                {
                    "account": "lumio",
                    "brand": "Lumio",
                    "department": "support",
                    "conversations_count": 2,
                    "answered_count": 1,
                    "answered_rate": 0.5,
                    "median_first_response_seconds": 45_000.0,
                }
            ],
        ),
        ({"brand": "Ardane"}, []),
    ],
    "topics_of_negative_posts": [
        (
            {"minimum_posts": 3},
            [
                {
                    "topic": "delivery",
                    "topic_kind": "hashtag",
                    "posts_count": 3,
                    "authors_count": 2,
                    "negative_count": 2,
                    "negative_rate": 2 / 3,
                    "net_sentiment_score": -2 / 3,
                }
            ],
        ),
        ({}, []),
    ],
    "first_amplifiers": [
        (
            {},
            [
                {
                    "author": "ben",
                    "first_amplifier": "cleo",
                    "first_at": at(5, 10),
                    "first_post_id": "c1",
                    "followed_count": 1,
                },
                {"author": "cleo", "first_amplifier": "dan", "first_post_id": "c2"},
            ],
        ),
        ({"handle": "Cleo"}, [{"author": "cleo", "followed_count": 0}]),
    ],
    "conversations_to_look_at": [
        (
            {},
            [
                {
                    "conversation_key": "k-k2",
                    "customer": "dan",
                    "person": "Dan",
                    "brand_account": "lumio",
                    "reasons": K2_REASONS,
                }
            ],
        ),
        (
            {"slow_hours": 12},
            [
                {"conversation_key": "k-k2"},
                {"conversation_key": "k-k1", "reasons": ["first answered late"]},
            ],
        ),
        ({"brand": "Ardane"}, []),
    ],
    "messages_of_a_conversation": [
        (
            {"conversation_key": "k-k1"},
            [
                {"author": "ana", "text": "text of q1", "file": "x/march.jsonl", "position": 1},
                {"author": "lumio", "is_brand": True, "created_at": at(3, 8)},
            ],
        ),
    ],
    "path_between_accounts": [
        (
            {"from_handle": "ANA", "to_handle": "dan"},
            [{"length": 1, "accounts": ["ana", "dan"], "ties": ["dan MENTIONED ana"]}],
        ),
        (
            {"from_handle": "robot", "to_handle": "ana"},
            [
                {
                    "accounts": ["robot", "dan", "ana"],
                    "ties": ["robot REPLIED_TO dan", "dan MENTIONED ana"],
                }
            ],
        ),
        ({"from_handle": "ana", "to_handle": "ana_r"}, []),
    ],
    "peer_help": [
        (
            {},
            [
                {
                    "channel": "x",
                    "questions_count": 4,
                    "peer_answered_count": 1,
                    "brand_answered_count": 2,
                    "peer_help_rate": 0.25,
                    "deflection_rate": 0.25,
                    "median_peer_seconds": 1_800.0,
                    "median_brand_seconds": 26_100.0,
                }
            ],
        )
    ],
    "valued_people_unhappy": [
        (
            {},
            [
                {
                    "person": "Ana",
                    "orders_amount": 120.5,
                    "lifetime_value_amount": 80.0,
                    "segment": "valued and unhappy",
                    "churn_signals": ["feeling", "words"],
                    "reasons": [
                        "would not recommend us",
                        "more negative posts than positive ones",
                        "feels cold about our brands",
                        "speaks against our brands",
                    ],
                },
                {"person": "Cleo", "segment": None, "reasons": ["would not recommend us"]},
            ],
        ),
        ({"minimum_amount": 100}, [{"person": "Ana"}]),
    ],
    "ambassadors_who_are_heard": [
        (
            {},
            [
                {
                    "person": "Ben",
                    "handles": ["ben"],
                    "segment": "well-wisher",
                    "feeling_score": 0.5,
                    "statements_count": 3,
                    "lifetime_value_amount": None,
                    "influenced_count": 2,
                    "influence_weight": 2.5,
                    "helped_count": 1,
                }
            ],
        )
    ],
    "load_history": [({}, [{"run_id": "sample", "state": "complete"}])],
}


@pytest.fixture(scope="module")
def sample_graph(
    neo4j_server: RunningServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Driver]:
    published = write_published(
        tmp_path_factory.mktemp("published") / "warehouse.duckdb", sample_rows()
    )
    with open_driver(neo4j_server.connection) as driver:
        empty(driver)
        load(published, neo4j_server.connection, run_id="sample", publication_id="sample")
        yield driver


def test_every_query_has_known_answers() -> None:
    assert set(ANSWERS) == set(LIBRARY)
    assert len(LIBRARY) >= 12


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [(name, given, rows) for name, cases in ANSWERS.items() for given, rows in cases],
)
def test_query_gives_the_known_answer(
    sample_graph: Driver, name: str, given: dict[str, Any], expected: list[dict[str, Any]]
) -> None:
    records = run_query(LIBRARY[name], sample_graph, "neo4j", given).records()
    found = [
        {column: record[column] for column in wanted}
        for record, wanted in zip(records, expected, strict=True)
    ]
    assert found == [
        {
            column: pytest.approx(value) if isinstance(value, float) else value
            for column, value in wanted.items()
        }
        for wanted in expected
    ]


def test_queries_name_only_what_the_model_has(sample_graph: Driver) -> None:
    """The server warns of labels, types and properties it has never seen; make it see ours."""
    with sample_graph.session() as session:
        for element in ELEMENTS:
            for item in element.properties:
                session.run("CALL db.createProperty($name)", name=item.name).consume()
            if isinstance(element, Relationship):
                session.run("CALL db.createRelationshipType($name)", name=element.type).consume()
        for query in LIBRARY.values():
            needed = query.values(
                {name: "x" for name, item in query.header.parameters.items() if item.is_required}
            )
            summary = session.run(
                "EXPLAIN " + query.cypher, needed, notifications_min_severity="WARNING"
            ).consume()
            unknown = [
                status.status_description
                for status in summary.gql_status_objects
                if getattr(status, "raw_classification", None) == "UNRECOGNIZED"
            ]
            assert unknown == [], query.name


def test_reciprocity_of_a_real_network(
    shared_data: Path, neo4j_server: RunningServer, neo4j_driver: Driver, tmp_path: Path
) -> None:
    """The karate club: 34 members, 78 friendships, each taken as a tie in both directions."""
    lines = (shared_data / "graph_karate" / "karate.graph").read_text().splitlines()
    rows = {
        "dim_accounts": [account(str(member)) for member in range(1, len(lines))],
        "dim_customers": [{"customer_key": f"c-{member}"} for member in range(1, len(lines))],
        "edge_accounts__replied_to": [
            tie(str(member), other, 1.0, at(1, 0))
            for member, others in enumerate(lines[1:], start=1)
            for other in others.split()
        ],
    }
    published = write_published(tmp_path / "warehouse.duckdb", rows)
    report = load(published, neo4j_server.connection, run_id="karate", publication_id="karate")
    report.parity.require_equal()
    (found,) = run_query(LIBRARY["reciprocity"], neo4j_driver, "neo4j").records()
    assert found["accounts_count"] == 34
    assert found["ties_count"] == found["mutual_ties_count"] == 2 * 78
    assert found["density_rate"] == pytest.approx(0.139, abs=0.0005)
    assert found["reciprocity_against_chance_score"] == pytest.approx(1.0)
    ends = {"from_handle": "17", "to_handle": "30"}
    (path,) = run_query(LIBRARY["path_between_accounts"], neo4j_driver, "neo4j", ends).records()
    assert path["length"] == 5  # the club's diameter
