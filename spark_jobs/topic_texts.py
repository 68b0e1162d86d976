"""The texts that a run of the topic job looks at, and what it finds of each.

A run looks at all texts, or at those alone that are new, or have no topic and may stand elsewhere
since: in another post, or below one that arrived after its answer. DuckDB reads bronze, silver and
earlier runs as they lie, in bounded memory, and hands texts over in batches.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow as pa

from spark_jobs import topic_lineage
from spark_jobs.paths import for_duckdb, quoted
from spark_jobs.tables.silver import TEXT_ANNOTATIONS
from spark_jobs.topic_batches import Texts
from spark_jobs.topic_store import Known, Seen, rows_of

TEXTS_A_BATCH = 20_000
MEMORY = "512MB"
"""What DuckDB may hold; beyond it, it spills into the scratch folder."""
_HAS_VECTOR = "role is distinct from 'no_language'"


class TopicTexts:
    """Texts of a lake; a ``role`` is one of ``silver.TOPIC_REASONS`` or null: to be compared.

    ``looks_at_all`` says whether every text is looked at: where no topic space is known yet, and
    where what is known rests on other annotations or brand accounts.
    """

    def __init__(
        self, bronze: Path, silver: Path, annotation_version: str, known: Known, scratch: Path
    ) -> None:
        annotations = silver / TEXT_ANNOTATIONS.name / f"annotation_version={annotation_version}"
        self._run = known.run + 1
        self._connection = duckdb.connect(
            config={"memory_limit": MEMORY, "temp_directory": str(scratch)}
        )
        self._connection.execute(topic_lineage.tables(bronze))
        self._connection.execute(
            _TABLES.format(
                annotations=for_duckdb(annotations, "*/*.parquet"), before=rows_of(known.folders)
            )
        )
        before = known.seen
        self.seen = Seen(annotation_version, self._speakers(), _parts(bronze, annotations))
        self.looks_at_all = (
            known.space is None
            or before.annotation_version != annotation_version
            or before.speakers != self.seen.speakers
        )
        self._is_open = "role is null and topic_id is null"
        if self.looks_at_all:
            self._look_at("select text_key from annotated")
        else:
            self._see(bronze, annotations, self.seen.parts - before.parts)
            self._look_at(_CHANGED)
            # Near none of the topics before, so near none of them now.
            self._is_open += " and reason_before is distinct from 'no_topic'"

    def annotated_count(self) -> int:
        """How many annotated texts there are."""
        return self._count("annotated")

    def open_count(self) -> int:
        """How many texts are to be compared with topics."""
        return self._count(f"looked where {self._is_open}")

    def open(self) -> Iterator[Texts]:
        """Texts that are to be compared with topics, in the order of their keys."""
        return self._batches(self._is_open, "text_key")

    def look_at_waiting(self) -> None:
        """Look also at texts that fitted no topic in earlier runs; ``open`` has them from then."""
        if not self.looks_at_all:
            self._look_at(_WAITING)
            self._is_open = "role is null and topic_id is null"

    def whole_conversations(self, most: int) -> Texts:
        """About ``most`` texts that have a vector, conversation by conversation."""
        self._connection.execute(
            f"create or replace table sample as select text_key from looked where {_HAS_VECTOR} "
            f"order by conversation, text_key limit {most}"
        )
        sampled = self._batches("text_key in (from sample)", "conversation, text_key")
        return Texts.joined(list(sampled))

    def with_topic(self) -> Iterator[Texts]:
        """Texts that have a topic from earlier runs, in the order of their keys."""
        return self._batches(f"topic_id is not null and {_HAS_VECTOR}", "text_key")

    def place(
        self, keys: Sequence[str], topic_ids: Sequence[str | None], scores: Sequence[float]
    ) -> None:
        """Note the topic of some texts, or that there is none, and how near the nearest is."""
        rows = pa.table(
            {
                "text_key": pa.array(keys, pa.string()),
                "topic_id": pa.array(topic_ids, pa.string()),
                "topic_score": pa.array(scores, pa.float64()),
            }
        )
        self._connection.register("given", rows)
        self._connection.execute("insert into placed from given")
        self._connection.unregister("given")

    def take_back(self) -> None:
        """Forget all that was placed in this run."""
        self._connection.execute("truncate placed")

    def words(self, most: int) -> list[tuple[str, str, str]]:
        """Topic, language and masked text of up to ``most`` texts of each topic, by their keys."""
        return self._connection.execute(_WORDS.format(most=most)).fetchall()

    def finish(self) -> None:
        """Make the rows of this run: of texts that are new, or of which something has changed."""
        unchanged = "" if self.looks_at_all else "except from was"
        self._connection.execute(_FINISHED.format(unchanged=unchanged))

    def by_reason(self) -> tuple[dict[str, int], dict[str, int]]:
        """Texts of this run by their reason, and what the same texts had before."""
        now, before = (
            dict(self._connection.execute(f"{counted} group by all order by all").fetchall())
            for counted in (
                "select topic_reason, count(*) from finished",
                "select topic_reason, count(*) from was semi join finished using (text_key)",
            )
        )
        return now, before

    def by_topic(self) -> dict[str, tuple[int, float]]:
        """How many texts of this run each topic has, and the sum of their scores."""
        rows = self._connection.execute(
            "select topic_id, count(*), sum(topic_score order by text_key) from finished "
            "where topic_id is not null group by topic_id"
        ).fetchall()
        return {topic_id: (count, total) for topic_id, count, total in rows}

    def write(self, file: Path, is_whole: bool) -> None:
        """Write the rows of this run, or with ``is_whole`` those of all texts."""
        earlier = " union all from before anti join finished using (text_key)"
        rows = "from finished" + (earlier if is_whole and not self.looks_at_all else "")
        self._connection.execute(
            f"copy (from ({rows}) order by text_key) to {quoted(file)}"
            " (format parquet, compression zstd)"
        )

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def _see(self, bronze: Path, annotations: Path, parts: Iterable[str]) -> None:
        """Tell apart what the parts of the lake hold that no run has seen."""
        files: dict[str, list[Path]] = {"posts": [], "surveys": [], "batch_id": []}
        for part in sorted(parts):
            kind = part.replace("=", "/").split("/")[0]
            folder = (annotations if kind == "batch_id" else bronze) / part
            files[kind] += sorted(folder.glob("*.parquet"))
        for name, kind, rows in (
            ("new_posts", "posts", topic_lineage.posts_in),
            ("new_answers", "surveys", topic_lineage.answers_in),
            ("new_annotated", "batch_id", "select text_key from read_parquet({})".format),
        ):
            none = f"from {name.removeprefix('new_')} limit 0"
            listed = (
                "[" + ", ".join(for_duckdb(file.parent, file.name) for file in files[kind]) + "]"
            )
            query = rows(listed) if files[kind] else none
            self._connection.execute(f"create view {name} as {query}")

    def _look_at(self, keys: str) -> None:
        self._connection.execute(f"create or replace table keys as {keys}")
        self._connection.execute(topic_lineage.ROLES_OF_KEYS)
        self._connection.execute(_LOOKED.format(run=self._run))

    def _speakers(self) -> str:
        speakers = self._connection.execute("from speakers order by all").fetchall()
        return hashlib.blake2b(repr(speakers).encode(), digest_size=8).hexdigest()

    def _count(self, rows: str) -> int:
        ((count,),) = self._connection.execute(f"select count(*) from {rows}").fetchall()
        return int(count)

    def _batches(self, where: str, order: str) -> Iterator[Texts]:
        # A cursor of its own: the connection is asked and told other things meanwhile.
        with closing(self._connection.cursor()) as cursor:
            reader = cursor.execute(
                "select text_key, vector, text_masked, language, sentiment_label, intents, "
                "is_reply, conversation, seen_run, topic_id "
                f"from annotated join (from looked where {where}) as looked using (text_key) "
                f"order by {order}"
            ).to_arrow_reader(TEXTS_A_BATCH)
            for batch in reader:
                if len(batch):
                    yield Texts.read(batch)


def _parts(bronze: Path, annotations: Path) -> frozenset[str]:
    """The names of all parts of the lake that hold texts."""
    delivered = (
        folder.relative_to(bronze).as_posix()
        for table in ("posts", "surveys")
        for folder in (bronze / table).glob("source=*/part=*")
    )
    return frozenset([*delivered, *(folder.name for folder in annotations.glob("batch_id=*"))])


_TABLES = """
create view annotated as
    select text_key, language, text_masked, sentiment_label, intents, sentence_vector as vector
    from read_parquet({annotations}, union_by_name = true);

create view rows_before as {before};

create view before as
    select * exclude (run) from rows_before
    qualify row_number() over (partition by text_key order by run desc) = 1;

create table was (
    text_key varchar, topic_id varchar, topic_score double, topic_reason varchar, seen_run bigint
);

create table looked (
    text_key varchar, role varchar, is_reply boolean, conversation ubigint,
    topic_id varchar, topic_score double, reason_before varchar, seen_run bigint
);

create table placed (text_key varchar, topic_id varchar, topic_score double);
"""

# What answers a new post, and arrived before it, stood alone until now.
_CHANGED = """
    with touched as (
        select text_key from new_posts
        union
        select posts.text_key
        from posts
        semi join new_posts
            on new_posts.source = posts.source and new_posts.post_id = posts.parent_id
        union
        select text_key from new_answers
    )
    select text_key from new_annotated
    union
    select text_key from rows_before semi join touched using (text_key)
    group by text_key having count(topic_id) = 0
"""

_WAITING = """
    select text_key from before
    where topic_reason = 'no_topic' and text_key not in (select text_key from looked)
"""

_LOOKED = """
create or replace table had as
    select * exclude (run) from (from rows_before semi join keys using (text_key))
    qualify row_number() over (partition by text_key order by run desc) = 1;

insert into was from had;

insert into looked
    select text_key, role, is_reply, conversation, topic_id, topic_score, topic_reason,
           coalesce(seen_run, {run})
    from roles left join had using (text_key);
"""

_WORDS = """
    with members as (
        select text_key, topic_id from placed where topic_id is not null
        union
        select text_key, topic_id from before where topic_id is not null
    ),
    chosen as (
        from members
        qualify row_number() over (partition by topic_id order by text_key) <= {most}
    )
    select topic_id, language, text_masked
    from annotated join chosen using (text_key) order by text_key
"""

_FINISHED = """
create table finished as
    with found as (
        select text_key, coalesce(looked.topic_id, placed.topic_id) as topic_id,
               coalesce(
                   placed.topic_score,
                   case when looked.topic_id is not null or role is null then looked.topic_score end
               ) as topic_score,
               role, seen_run
        from looked left join placed using (text_key)
    )
    select text_key, topic_id, topic_score,
           case when topic_id is not null then 'about_topic' else coalesce(role, 'no_topic') end
               as topic_reason,
           seen_run
    from found
    {unchanged};
"""
