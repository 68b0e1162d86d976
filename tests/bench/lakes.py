"""A big lake, made of a small one repeated: so many times its people, posts, orders and texts.

Each copy has people, posts, orders and texts of its own, which talk to the same brands. Texts of
copies read alike but are told apart, so that what is paid for each distinct text is paid; near
copies stay within a copy. All copies live through the same days.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence

import duckdb

from spark_jobs.lake import Lake

OWN = frozenset(
    {
        "account_id",
        "author_handle",
        "author_id",
        "consent_id",
        "customer_id",
        "edit_of_post_id",
        "email_key",
        "handle",
        "handles",
        "in_reply_to_account_id",
        "in_reply_to_post_id",
        "interaction_id",
        "loyalty_card_id",
        "mentions",
        "movement_id",
        "near_duplicate_bands",
        "order_id",
        "other_post_id",
        "phone_key",
        "post_id",
        "quoted_post_id",
        "record_hash",
        "repost_of_post_id",
        "response_id",
        "text_key",
        "thread_id",
    }
)
"""Columns whose values each copy has for itself, but for accounts of brands."""

REPEATED = (
    "posts",
    "accounts",
    "interactions",
    "customers",
    "orders",
    "order_lines",
    "surveys",
    "loyalty",
    "consents",
)


def multiply_lake(small: Lake, big: Lake, copies: int) -> None:
    """Write ``copies`` of the small lake, itself the first; its configuration stays one."""
    shutil.copytree(small.bronze, big.bronze)
    shutil.copytree(small.silver, big.silver)
    add_copies(small, big, range(1, copies))


def add_copies(small: Lake, big: Lake, numbers: range) -> None:
    """Write copies of the small lake, called by their numbers, beside what the big one holds."""
    name = f"copies-{numbers.start}"
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(
            f"""
            set variable brand_names = (
                with declared as (
                    select lower(account) as name
                    from '{small.bronze}/brand_accounts/*.parquet'
                ),
                named as (
                    select name from declared
                    union
                    select lower(author_id)
                    from read_parquet('{small.bronze}/posts/*/*/*.parquet', union_by_name = true)
                    where lower(author_handle) in (from declared)
                )
                select list(name) from named
            )
            """
        )
        for table in REPEATED:
            _multiply(
                connection,
                f"{small.bronze}/{table}/*/*/*.parquet",
                f"'{big.bronze}/{table}' (format parquet, partition_by (source, part), append)",
                numbers,
                changed=[f"'{name}' as part"],
            )
        (version,) = (small.silver / "text_annotations").glob("annotation_version=*")
        folder = big.silver / "text_annotations" / version.name / f"batch_id={name}"
        folder.mkdir()
        annotations, written = f"{version}/*/*.parquet", f"'{folder}/part.parquet'"
        folders = ("annotation_version", "batch_id")
        _multiply(connection, annotations, written, numbers, without=folders)
        (texts,) = (small.silver / "topics").glob("run=*/text_topics")
        written = f"'{big.silver / texts.relative_to(small.silver)}/{name}.parquet'"
        _multiply(connection, f"{texts}/*.parquet", written, numbers, without=["run"])


def _multiply(
    connection: duckdb.DuckDBPyConnection,
    files: str,
    target: str,
    numbers: range,
    *,
    changed: Sequence[str] = (),
    without: Sequence[str] = (),
) -> None:
    """Write copies of rows, with columns changed, and without those that a folder's name says."""
    rows = f"read_parquet('{files}', union_by_name = true, hive_partitioning = true)"
    replaced = list(changed)
    for name, type_, *_ in connection.execute(f"describe select * from {rows}").fetchall():
        if name in OWN:
            replaced.append(_own(name) if type_ == "VARCHAR" else _own_items(name))
    excluded = f"exclude ({', '.join(without)})" if without else ""
    connection.execute(
        f"copy (select rows.* {excluded} replace ({', '.join(replaced)}) "
        f"from {rows} as rows, range({numbers.start}, {numbers.stop}) as copies (copy)) to {target}"
    )


def _own(name: str) -> str:
    return f"{_renamed(name)} as {name}"


def _own_items(name: str) -> str:
    return f"list_transform({name}, lambda item: {_renamed('item')}) as {name}"


def _renamed(value: str) -> str:
    is_brands = f"list_contains(getvariable('brand_names'), lower({value}))"
    return f"if({is_brands}, {value}, {value} || '_' || copy)"
