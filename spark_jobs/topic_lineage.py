"""Where texts stand in conversations: who wrote them, what they answer, what they began.

SQL over bronze as it lies, for the texts of the table ``keys`` alone, so that what it holds grows
with these and not with all posts. The warehouse derives threads and brand accounts too, for all
posts as they are now; it is built from topics, so that these cannot wait for it.
"""

from __future__ import annotations

from pathlib import Path

from spark_jobs.paths import for_duckdb

FEWEST_WORDS = 4
"""Words of two letters and more; shorter texts greet, thank or point at something."""
DEEPEST_REPLY = 100
"""Answers to answers that are followed up to the first post, where a source gives no thread."""


def tables(bronze: Path) -> str:
    """Views of posts and answers that have a text, and a table of who speaks for a brand."""
    posts, answers, accounts = (
        for_duckdb(bronze / table, "*/*/*.parquet") for table in ("posts", "surveys", "accounts")
    )
    brand_accounts = for_duckdb(bronze / "brand_accounts", "*.parquet")
    return f"""
create view posts as {posts_in(posts)};

create view answers as {answers_in(answers)};

create table declared as
    select distinct source, account as name from read_parquet({brand_accounts});

create table speakers as
    select source, name from declared
    union
    select accounts.source, lower(accounts.account_id)
    from read_parquet({accounts}, hive_partitioning = true, union_by_name = true) as accounts
    semi join declared
        on declared.source = accounts.source and declared.name = lower(accounts.handle);
"""


def posts_in(files: str) -> str:
    """A query of posts that have a text of their own in files, as DuckDB names these."""
    return f"""
    select source, post_id, text_key, in_reply_to_post_id as parent_id, thread_id, author_id,
           lower(author_handle) as handle
    from read_parquet({files}, hive_partitioning = true, union_by_name = true)
    where text_key is not null and repost_of_post_id is null"""


def answers_in(files: str) -> str:
    """A query of answers to surveys that have a text."""
    return f"""
    select text_key from read_parquet({files}, hive_partitioning = true, union_by_name = true)
    where text_key is not null"""


# A text may stand in several posts. It opens a conversation, or answers one, if any of them does;
# its conversation is the first of theirs by name, so that the order of files has no say.
ROLES_OF_KEYS = rf"""
create or replace table own as
    select source, post_id, text_key, min(parent_id) as parent_id, min(thread_id) as thread_id,
           min(author_id) as author_id, min(handle) as handle
    from posts semi join keys using (text_key)
    group by source, post_id, text_key;

create or replace table parents as
    select distinct source, post_id, parent_id, author_id
    from posts semi join own on own.source = posts.source and own.parent_id = posts.post_id;

create or replace table roots as
    with recursive up as (
        select source, post_id, coalesce(thread_id, parent_id, post_id) as root,
               thread_id is null and parent_id is not null as goes_on, 0 as depth
        from own
        union
        select up.source, up.post_id, coalesce(posts.thread_id, posts.parent_id, up.root),
               posts.thread_id is null and posts.parent_id is not null, up.depth + 1
        from up join posts on posts.source = up.source and posts.post_id = up.root
        where up.goes_on and up.depth < {DEEPEST_REPLY}
    )
    select source, post_id, arg_max(root, (depth, root)) as root from up group by source, post_id;

create or replace table places as
    select own.text_key,
           own.source || ':' || roots.root as conversation,
           own.parent_id is not null as is_reply,
           exists (
               select 1 from speakers
               where speakers.source = own.source
                 and speakers.name in (lower(own.author_id), own.handle)
           ) as is_brand,
           own.parent_id is null or coalesce(
               parents.parent_id is null and parents.author_id is distinct from own.author_id,
               own.parent_id = own.thread_id, false
           ) as stands_alone
    from own
    join roots using (source, post_id)
    left join parents on parents.source = own.source and parents.post_id = own.parent_id
    union all
    select text_key, 'survey:' || text_key, false, false, true
    from answers semi join keys using (text_key);

create or replace table roles as
    select annotated.text_key,
           hash(coalesce(conversation, annotated.text_key)) as conversation,
           coalesce(is_reply, false) as is_reply,
           case
               when vector is null then 'no_language'
               when is_brand then 'by_brand'
               when not coalesce(stands_alone, false) then 'in_context'
               when len(regexp_extract_all(
                   regexp_replace(left(text_masked, 1000), '<\w+>|@\w+|https?://\S+', ' ', 'g'),
                   '\p{{L}}{{2,}}'
               )) < {FEWEST_WORDS} then 'too_short'
           end as role
    from (from annotated semi join keys using (text_key)) as annotated
    left join (
        select text_key, min(conversation) as conversation, bool_and(is_reply) as is_reply,
               bool_and(is_brand) as is_brand, bool_or(stands_alone) as stands_alone
        from places group by text_key
    ) using (text_key);
"""
