"""The space and the groups of topics, on vectors whose topic, tone and conversation are known."""

from __future__ import annotations

import numpy as np
import pytest

from spark_jobs.nlp import topic_groups, topic_space
from spark_jobs.nlp.topic_space import Manner, TopicSpace, packed, unit_rows, unpacked

TOPICS, SIZE = 6, 1800
REPLIES = np.arange(SIZE) % 3 > 0


def made(seed: int = 0) -> tuple[np.ndarray, list[Manner], np.ndarray, np.ndarray]:
    """Vectors of a weak topic, a strong tone, a strong language and noise."""
    source = np.random.default_rng(seed)
    meanings = unit_rows(np.random.default_rng(1).normal(size=(TOPICS, 512)))
    tones = unit_rows(np.random.default_rng(2).normal(size=(2, 512)))
    french = unit_rows(np.random.default_rng(3).normal(size=(1, 512)))[0]
    conversations = np.repeat(np.arange(SIZE // 3), 3)
    topics = np.repeat(source.integers(0, TOPICS, SIZE // 3), 3)
    is_french = np.repeat(source.random(SIZE // 3) < 0.5, 3)
    tone = source.integers(0, 2, SIZE)
    vectors = (
        meanings[topics]
        + 3 * tones[tone]
        + 3 * french * is_french[:, None]
        + source.normal(scale=0.03, size=(SIZE, 512))
    )
    manners = [
        Manner("fr" if fr else "en", ("negative", "positive")[t], (), is_reply=False)
        for fr, t in zip(is_french, tone, strict=True)
    ]
    return unit_rows(vectors), manners, conversations, topics


def test_topics_are_found_across_tones_and_languages():
    vectors, manners, conversations, topics = made()
    places = topic_space.fit(vectors, manners, conversations).project(vectors, manners)
    groups = topic_groups.discover(places, conversations, REPLIES)
    assert sum(map(len, groups)) > 0.9 * SIZE
    for rows in groups:
        assert np.bincount(topics[rows]).max() / len(rows) > 0.95
        french = np.mean([manners[row].language == "fr" for row in rows])
        assert 0.1 < french < 0.9


def test_without_conversations_the_principal_directions_serve():
    vectors, manners, _, topics = made()
    alone = np.arange(SIZE)
    places = topic_space.fit(vectors, manners, alone).project(vectors, manners)
    assert places.shape == (SIZE, topic_space.DIMENSIONS)
    groups = topic_groups.discover(places, alone, REPLIES)
    assert groups, "texts that no conversation ties still make topics"
    purity = np.mean([np.bincount(topics[rows]).max() / len(rows) for rows in groups])
    assert purity > 0.9


def test_the_same_texts_give_the_same_groups():
    vectors, manners, conversations, _ = made()
    places = topic_space.fit(vectors, manners, conversations).project(vectors, manners)
    first, second = (topic_groups.discover(places, conversations, REPLIES) for _ in range(2))
    assert [rows.tolist() for rows in first] == [rows.tolist() for rows in second]


def test_a_group_of_manner_is_no_topic():
    """Each conversation has an opening and an answer; a group of manner has one half of many."""
    conversations = np.repeat(np.arange(100), 2)
    replies = np.arange(200) % 2 > 0
    talked = np.arange(40)
    openings, answers = np.arange(40, 200, 2), np.arange(41, 200, 2)
    stay = topic_groups.conversations_stay
    assert stay(talked, conversations, replies)
    assert not stay(openings, conversations, replies)
    assert not stay(answers, conversations, replies)
    assert stay(openings, np.arange(200), replies), (
        "without conversations nothing speaks against it"
    )


def test_a_text_far_from_every_centre_has_no_topic():
    of_topics = np.eye(4, dtype=np.float32)[:2]
    nearest, scores = topic_groups.nearest(np.eye(4, dtype=np.float32)[[1, 3]], of_topics)
    assert nearest.tolist() == [1, topic_groups.NO_TOPIC]
    assert scores.tolist() == [1.0, 0.0]


def test_the_fringe_of_a_known_topic_is_not_a_new_one():
    of_topics = np.eye(3, dtype=np.float32)[:1]
    fringe = unit_rows(np.array([[1.0, 0.5, 0.0], [0.0, 1.0, 0.0]], dtype=np.float32))
    assert topic_groups.are_new(fringe, of_topics).tolist() == [False, True]


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_few_texts_make_no_topic(rows):
    places = np.ones((rows, 4), dtype=np.float32)
    assert topic_groups.discover(places, np.arange(rows), REPLIES[:rows]) == []
    space = TopicSpace(np.zeros((26, 4), np.float32), np.eye(4, dtype=np.float32))
    assert space.project(np.empty((0, 4), np.float32), []).shape == (0, 4)


def test_packing_keeps_a_vector_to_a_percent():
    vectors = unit_rows(np.random.default_rng(0).normal(size=(50, 512)))
    stored = packed(vectors)
    assert {len(row) for row in stored} == {512}
    assert (unpacked(stored) * vectors).sum(axis=1).min() > 0.999
