"""How well it is found what a feeling is about, and how it is felt, on the truth of a demo.

Posts that feel something count, with the services and products that they feel it about; a brand
is what is left where neither is named, and the truth has none. The words of demos are those of
all demos: a seed that no rule was written beside guards against chance, not against words that
only demos use.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from spark_jobs.nlp.training.demo import POSTS, annotated_posts, demo_truth
from spark_jobs.nlp.training.figures.measures import Figure, named

Felt = set[tuple[str, str | None]]
_REMARK = "rules were written beside demos of other seeds, which have the same phrases"


def aspect_figures(posts: int = POSTS) -> Iterator[Figure]:
    """F1 of what is felt about, and with the feeling, against simpler readings of the same."""
    demo = demo_truth(posts)
    felt: defaultdict[tuple[str, str], Felt] = defaultdict(set)
    for row in demo.tables["aspects"]:
        felt[row["source"], row["post_id"]].add((row["aspect"], row["sentiment"]))
    told: list[Felt] = []
    found: list[Felt] = []
    whole: list[Felt] = []
    for truth, annotation in annotated_posts(posts):
        if (key := (truth["source"], truth["post_id"])) in felt:
            told.append(felt[key])
            found.append(
                {
                    (one["aspect"], one["sentiment_label"])
                    for one in annotation["aspects"] or ()
                    if one["aspect"] not in demo.catalogue.brands
                }
            )
            whole.append({(name, annotation["sentiment_label"]) for name in _names(found[-1])})
    products = [_names(one) & set(demo.catalogue.products) for one in found]
    yield named(
        "what a feeling is about, micro-F1",
        [_names(one) for one in told],
        [_names(one) for one in found],
        ("products alone", products),
        0.8,
        _REMARK,
    )
    yield named(
        "what is felt about it, micro-F1",
        told,
        found,
        ("the text's own feeling", whole),
        0.62,
        f"bar set after the first reading, to hold it; {_REMARK}",
    )


def _names(felt: Felt) -> set[str]:
    return {name for name, _ in felt}
