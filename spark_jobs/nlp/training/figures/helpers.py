"""How well replies that help are told from others by their text, on the truth of a demo.

Replies of customers to another customer's question count. Who helped whom also rests on thanks and
accepted answers, which the warehouse knows; the tests of the whole flow hold it to its bar.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from spark_jobs.nlp.training.demo import POSTS, annotated_posts, demo_truth
from spark_jobs.nlp.training.figures.measures import Figure, detected

READS_AS_AN_ANSWER = 0.5
"""Score from which the warehouse takes a reply for an answer."""


def helper_figures(posts: int = POSTS) -> Iterator[Figure]:
    """F1 of replies that help, against taking every reply to a question for help."""
    answers = {(row["source"], row["answer_id"]) for row in demo_truth(posts).tables["helpers"]}
    asked = {
        (truth["source"], truth["post_id"]): truth["account_id"]
        for truth, _ in annotated_posts(posts)
        if "question" in truth["intents"].split("|") and truth["is_brand"] == "0"
    }
    read = [
        ((truth["source"], truth["post_id"]) in answers, annotation["answer_score"])
        for truth, annotation in annotated_posts(posts)
        if truth["is_brand"] == "0"
        and (asker := asked.get((truth["source"], truth["in_reply_to"])))
        and asker != truth["account_id"]
        and annotation["answer_score"] is not None
    ]
    truth = np.array([is_answer for is_answer, _ in read], dtype=np.int64)
    found = np.array([score >= READS_AS_AN_ANSWER for _, score in read], dtype=np.int64)
    yield detected(
        "replies that help, by their text, F1",
        truth,
        found,
        ("every reply", np.ones_like(truth)),
        0.9,
        "edges between people are held to the same bar by tests of the warehouse",
    )
