"""The measures of the network that are computed in Python, on graphs with known answers."""

from __future__ import annotations

import importlib.util
import random
from pathlib import Path
from types import ModuleType

import igraph
import pytest

MODELS = Path(__file__).resolve().parents[2] / "dbt_project" / "models" / "intermediate"


@pytest.fixture(scope="module")
def network() -> ModuleType:
    specification = importlib.util.spec_from_file_location(
        "int_graph__account_metrics", MODELS / "edges" / "int_graph__account_metrics.py"
    )
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def weighted(graph: igraph.Graph) -> igraph.Graph:
    graph.es["weight"] = 1.0
    return graph


def test_every_path_of_a_star_passes_through_its_centre(network):
    assert network.betweenness(igraph.Graph.Star(9), sample=100, seed=1) == [1.0] + [0.0] * 8


@pytest.mark.parametrize("accounts", [1, 2])
def test_no_path_passes_through_anybody_in_a_pair(network, accounts):
    assert network.betweenness(igraph.Graph.Full(accounts), sample=100, seed=1) == [0.0] * accounts


def test_sampled_betweenness_estimates_the_exact_one(network):
    random.seed(3)
    graph = igraph.Graph.Barabasi(600, 2)
    exact = network.betweenness(graph, sample=600, seed=1)
    estimate = network.betweenness(graph, sample=300, seed=1)
    hubs = sorted(range(600), key=exact.__getitem__)[-10:]
    assert [estimate[hub] for hub in hubs] == pytest.approx([exact[hub] for hub in hubs], rel=0.2)
    assert sum(estimate) == pytest.approx(sum(exact), rel=0.05)


def test_paths_of_a_large_network_are_counted_in_another_process_and_are_the_same(
    network, monkeypatch
):
    graph = igraph.Graph.Barabasi(600, 2)
    here = network.betweenness(graph, sample=300, seed=1)
    monkeypatch.setattr(network, "LARGE", 600)
    assert network.betweenness(graph, sample=300, seed=1) == here


def test_communities_are_the_same_every_time_and_named_by_their_first_member(network):
    karate = weighted(igraph.Graph.Famous("Zachary"))
    labels = network.communities(karate, resolution=1.0, seed=7)
    random.seed(99)
    assert network.communities(karate, resolution=1.0, seed=7) == labels
    assert len(set(labels)) == 4
    assert karate.modularity(labels) == pytest.approx(0.4198, abs=1e-3)
    assert all(labels[label] == label for label in labels)


def test_resolution_makes_communities_smaller(network):
    karate = weighted(igraph.Graph.Famous("Zachary"))
    counts = [
        len(set(network.communities(karate, resolution, seed=7))) for resolution in (0.1, 1.0, 3.0)
    ]
    assert counts == sorted(counts)
    assert counts[0] == 1
    assert counts[-1] > 4


def test_the_random_numbers_of_others_are_left_alone(network):
    random.seed(5)
    expected = random.Random(5).random()
    network.communities(weighted(igraph.Graph.Famous("Zachary")), resolution=1.0, seed=7)
    assert random.random() == expected
