"""Topics as groups of texts in a topic space: found once, joined by later texts, added to.

A group is a community of the graph of nearest neighbours (Leiden; Traag et al. 2019), with ties
between texts of one conversation beside those of likeness. A topic is what conversations stay
on, from their opening to its answers: a group that holds one without the other is one of manner,
such as angry openings or nods of agreement, and is dropped.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import connected_components

from spark_jobs.nlp.features import Floats
from spark_jobs.nlp.topic_space import Codes, unit_rows

Flags = npt.NDArray[np.bool_]

VERSION = "2"
NEIGHBOURS = 20
RESOLUTION = 2.0
CONVERSATION_WEIGHT = 5.0
"""Weight of all the ties of a text to its conversation; one to a neighbour weighs up to 2."""
LONGEST_CONVERSATION = 60
"""Texts; longer ones wander, and their ties would be too many."""
FEWEST_TEXTS = 20
LEAST_OPENED = 0.45
"""Share of conversations with an answer in a group whose opening is in it too, against the same
share among all texts: nods of agreement join many openings and resemble none."""
LEAST_ANSWERED = 0.3
"""Share of conversations with their opening in a group that have an answer in it too, likewise:
complaints and advertisements that resemble one another get answers that do not."""
FEWEST_ANSWERED = 0.05
"""Share of openings with an answer below which there are too few to judge a group by."""
LEAST_LIKENESS = 0.4
"""Cosine to a topic's centre from which a text is about it."""
SAME_TOPIC = 0.7
"""Cosine of two centres from which a group is the fringe of a topic, not a new one."""
NO_TOPIC = -1
MEGABYTES = 128
"""Of distances that are held at once."""


def discover(places: Floats, conversations: Codes, are_replies: Flags) -> list[Codes]:
    """Groups of rows that make topics, the largest first; the same rows give the same groups."""
    if len(places) < FEWEST_TEXTS:
        return []
    membership = _communities(places, conversations)
    groups = [np.flatnonzero(membership == group) for group in range(membership.max() + 1)]
    kept = [
        rows
        for rows in groups
        if len(rows) >= FEWEST_TEXTS and conversations_stay(rows, conversations, are_replies)
    ]
    return sorted(_merged(places, kept), key=lambda rows: (-len(rows), int(rows[0])))


def conversations_stay(rows: Codes, conversations: Codes, are_replies: Flags) -> bool:
    """Whether conversations stay in a group of texts, their openings with their answers.

    Where hardly any opening of all texts has an answer, nothing speaks against a group.
    """
    opened, answered = _support(conversations[rows], are_replies[rows])
    usually_opened, usually_answered = _support(conversations, are_replies)
    if usually_answered < FEWEST_ANSWERED:
        return True
    return opened >= LEAST_OPENED * usually_opened and answered >= LEAST_ANSWERED * usually_answered


def centres(places: Floats, groups: Sequence[Codes]) -> Floats:
    """The centre of each group, one row of length 1."""
    if not groups:
        return np.empty((0, places.shape[1]), dtype=np.float32)
    return unit_rows(np.vstack([places[rows].mean(axis=0) for rows in groups]))


def nearest(places: Floats, of_topics: Floats) -> tuple[Codes, Floats]:
    """Row of the nearest centre for each text, or ``NO_TOPIC``, and its cosine."""
    if not len(of_topics) or not len(places):
        return np.full(len(places), NO_TOPIC), np.zeros(len(places), dtype=np.float32)
    likeness = places @ of_topics.T
    best, score = likeness.argmax(axis=1), likeness.max(axis=1)
    return np.where(score >= LEAST_LIKENESS, best, NO_TOPIC), score


def are_new(of_groups: Floats, of_topics: Floats) -> Flags:
    """Whether each group is a topic of its own, and not the fringe of one that is known."""
    if not len(of_topics):
        return np.ones(len(of_groups), dtype=bool)
    return np.asarray((of_groups @ of_topics.T).max(axis=1) < SAME_TOPIC)


def _merged(places: Floats, groups: list[Codes]) -> list[Codes]:
    """The groups, those together whose centres lie as near as those of one topic."""
    if not groups:
        return []
    of_groups = centres(places, groups)
    count, owner = connected_components(of_groups @ of_groups.T >= SAME_TOPIC, directed=False)
    return [
        np.sort(np.concatenate([rows for rows, at in zip(groups, owner, strict=True) if at == one]))
        for one in range(count)
    ]


def _communities(places: Floats, conversations: Codes) -> Codes:
    # Half a second to read, and whoever only asks for the version of topics needs neither.
    import igraph
    from sklearn import config_context
    from sklearn.neighbors import NearestNeighbors

    neighbours = min(NEIGHBOURS, len(places) - 1)
    index = NearestNeighbors(n_neighbors=neighbours + 1, metric="cosine").fit(places)
    with config_context(working_memory=MEGABYTES):
        distances, found = index.kneighbors(places)
    own = np.repeat(np.arange(len(places)), neighbours + 1)
    ties = [np.column_stack([own, found.ravel()])]
    weights = [np.maximum(1 - distances.ravel(), 0)]
    order = np.argsort(conversations, kind="stable")
    starts = np.flatnonzero(np.diff(conversations[order], prepend=conversations[order[0]] - 1))
    for rows in np.split(order, starts[1:]):
        if 1 < len(rows) <= LONGEST_CONVERSATION:
            first, second = np.triu_indices(len(rows), 1)
            ties.append(np.column_stack([rows[first], rows[second]]))
            weights.append(np.full(len(first), CONVERSATION_WEIGHT / (len(rows) - 1)))
    graph = igraph.Graph(n=len(places), edges=np.vstack(ties))
    graph.es["weight"] = np.concatenate(weights)
    graph.simplify(combine_edges="sum")
    igraph.set_random_number_generator(random.Random(0))
    try:
        found_groups = graph.community_leiden(
            "modularity", weights="weight", resolution=RESOLUTION, n_iterations=5
        )
    finally:
        igraph.set_random_number_generator(random)
    return np.asarray(found_groups.membership, dtype=np.int64)


def _support(conversations: Codes, are_replies: Flags) -> tuple[float, float]:
    """Shares of conversations that have an opening and an answer among these texts.

    First of those that have an answer among them, then of those that have their opening.
    """
    _, member = np.unique(conversations, return_inverse=True)
    are_answered = np.bincount(member, weights=are_replies) > 0
    are_opened = np.bincount(member, weights=~are_replies) > 0
    both = float((are_answered & are_opened).sum())
    return both / max(1, int(are_answered.sum())), both / max(1, int(are_opened.sum()))
