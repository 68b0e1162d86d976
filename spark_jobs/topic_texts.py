"""The texts that topics are found in: what silver says of each, and its place in a conversation.

DuckDB reads bronze and silver as they lie, and hands texts over in batches of bounded size.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from spark_jobs.nlp import topic_words
from spark_jobs.nlp.features import Floats
from spark_jobs.nlp.topic_space import Codes, Manner, unpacked
from spark_jobs.paths import for_duckdb

TEXTS_A_BATCH = 20_000
FEWEST_WORDS = 4
"""Words of two letters and more; shorter texts greet, thank or point at something."""
DEEPEST_REPLY = 100
"""Answers to answers that are followed up to the first post, where a source gives no thread."""


@dataclass(frozen=True)
class Texts:
    """Some texts, in the order of their keys, one row each in every field."""

    keys: list[str]
    vectors: Floats
    said: list[frozenset[str]]
    """The words of each that may tell what it is about."""
    manners: list[Manner]
    conversations: Codes


class TopicTexts:
    """All texts of a lake; ``role`` is one of ``silver.TOPIC_REASONS`` or null: to be compared."""

    def __init__(self, bronze: Path, silver: Path, annotation_version: str) -> None:
        self._connection = duckdb.connect()
        annotations = silver / "text_annotations" / f"annotation_version={annotation_version}"
        self._connection.execute(
            _PREPARED.format(
                posts=for_duckdb(bronze / "posts", "*/*/*.parquet"),
                accounts=for_duckdb(bronze / "accounts", "*/*/*.parquet"),
                surveys=for_duckdb(bronze / "surveys", "*/*/*.parquet"),
                brand_accounts=for_duckdb(bronze / "brand_accounts", "*.parquet"),
                annotations=for_duckdb(annotations, "*/*.parquet"),
            )
        )

    def count(self) -> int:
        """How many annotated texts there are."""
        ((rows,),) = self._connection.execute("select count(*) from annotated").fetchall()
        return int(rows)

    def roles(self) -> dict[str, str | None]:
        """The role of each text, by its key."""
        return dict(
            self._connection.execute(
                "select text_key, role from texts order by text_key"
            ).fetchall()
        )

    def whole_conversations(self, most: int) -> Texts:
        """About ``most`` texts that have a vector, conversation by conversation."""
        return _joined(
            list(self._batches("vector is not null", "hash(conversation), text_key", most))
        )

    def with_keys(self, keys: list[str]) -> Iterator[Texts]:
        """The texts of those keys that have a vector, in batches, in order."""
        self._want(keys)
        return self._batches("vector is not null and text_key in (from wanted)", "text_key", None)

    def words(self, keys: list[str]) -> list[tuple[str, str, str]]:
        """Key, language and masked text of each of those keys, in order."""
        self._want(keys)
        return self._connection.execute(
            "select text_key, language, text_masked from annotated "
            "where text_key in (from wanted) order by text_key"
        ).fetchall()

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def _want(self, keys: list[str]) -> None:
        """Keep the keys in a table: a cursor of its own does not see what is registered here."""
        self._connection.register("given", pa.table({"text_key": pa.array(keys, pa.string())}))
        self._connection.execute("create or replace table wanted as from given")
        self._connection.unregister("given")

    def _batches(self, where: str, order: str, most: int | None) -> Iterator[Texts]:
        limit = "" if most is None else f" limit {most}"
        with closing(self._connection.cursor()) as cursor:
            reader = cursor.execute(
                "select text_key, vector, text_masked, language, sentiment_label, intents, "
                f"is_reply, hash(conversation) as conversation from texts where {where} "
                f"order by {order}{limit}"
            ).to_arrow_reader(TEXTS_A_BATCH)
            for batch in reader:
                if len(batch):
                    yield _texts(batch)


def _texts(batch: pa.RecordBatch) -> Texts:
    columns = {name: batch.column(name).to_pylist() for name in batch.schema.names}
    manners = [
        Manner(language, sentiment, tuple(intents or ()), is_reply)
        for language, sentiment, intents, is_reply in zip(
            columns["language"],
            columns["sentiment_label"],
            columns["intents"],
            columns["is_reply"],
            strict=True,
        )
    ]
    conversations = np.array(columns["conversation"], dtype=np.uint64).view(np.int64)
    said = list(map(topic_words.words, columns["text_masked"], columns["language"]))
    return Texts(columns["text_key"], unpacked(columns["vector"]), said, manners, conversations)


def _joined(batches: list[Texts]) -> Texts:
    if not batches:
        return Texts([], np.empty((0, 512), np.float32), [], [], np.empty(0, np.int64))
    return Texts(
        [key for batch in batches for key in batch.keys],
        np.vstack([batch.vectors for batch in batches]),
        [words for batch in batches for words in batch.said],
        [manner for batch in batches for manner in batch.manners],
        np.concatenate([batch.conversations for batch in batches]),
    )


# A text may stand in several posts. It opens a conversation, or answers one, if any of them does;
# its conversation is the first of theirs by name, so that the order of files has no say.
_PREPARED = rf"""
create table posts as
    select source, post_id, any_value(text_key) as text_key,
           min(in_reply_to_post_id) as parent_id, min(thread_id) as thread_id,
           min(author_id) as author_id, min(lower(author_handle)) as handle
    from read_parquet({{posts}}, hive_partitioning = true, union_by_name = true)
    where text_key is not null and repost_of_post_id is null
    group by source, post_id, text_key;

create table roots as
    with recursive up as (
        select source, post_id, coalesce(thread_id, parent_id, post_id) as root,
               thread_id is null and parent_id is not null as goes_on, 0 as depth
        from posts
        union all
        select up.source, up.post_id, coalesce(posts.thread_id, posts.parent_id, up.root),
               posts.thread_id is null and posts.parent_id is not null, up.depth + 1
        from up join posts on posts.source = up.source and posts.post_id = up.root
        where up.goes_on and up.depth < {DEEPEST_REPLY}
    )
    select source, post_id, arg_max(root, depth) as root from up group by source, post_id;

create table names as
    select source, account_id, min(lower(handle)) as handle
    from read_parquet({{accounts}}, hive_partitioning = true, union_by_name = true)
    group by source, account_id;

create table placed as
    select posts.text_key,
           posts.source || ':' || roots.root as conversation,
           posts.parent_id is not null as is_reply,
           exists (
               select 1 from read_parquet({{brand_accounts}}) as speakers
               where speakers.source = posts.source
                 and speakers.account in (lower(posts.author_id), posts.handle, names.handle)
           ) as is_brand,
           posts.parent_id is null or coalesce(
               parents.parent_id is null and parents.author_id is distinct from posts.author_id,
               posts.parent_id = posts.thread_id, false
           ) as stands_alone
    from posts
    join roots using (source, post_id)
    left join names on names.source = posts.source and names.account_id = posts.author_id
    left join posts as parents
        on parents.source = posts.source and parents.post_id = posts.parent_id
    union all
    select text_key, 'survey:' || text_key, false, false, true
    from read_parquet({{surveys}}, hive_partitioning = true, union_by_name = true)
    where text_key is not null;

create table annotated as
    select text_key, language, text_masked, sentiment_label, intents, sentence_vector as vector
    from read_parquet({{annotations}}, union_by_name = true);

create table texts as
    select annotated.text_key, text_masked, language, sentiment_label, intents, vector,
           coalesce(conversation, annotated.text_key) as conversation,
           coalesce(is_reply, false) as is_reply,
           case
               when vector is null then 'no_language'
               when is_brand then 'by_brand'
               when not coalesce(stands_alone, false) then 'in_context'
               when len(regexp_extract_all(
                   regexp_replace(left(text_masked, 1000), '<\w+>|@\w+|https?://\S+', ' ', 'g'),
                   '\p{{{{L}}}}{{{{2,}}}}'
               )) < {FEWEST_WORDS} then 'too_short'
           end as role
    from annotated
    left join (
        select text_key, min(conversation) as conversation, bool_and(is_reply) as is_reply,
               bool_and(is_brand) as is_brand, bool_or(stands_alone) as stands_alone
        from placed group by text_key
    ) using (text_key);
"""
