from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from spark_jobs.adapters.outcomes import Accepted, Outcome, Quarantined, text_key
from spark_jobs.adapters.stackexchange_types import POSTS, VOTES
from spark_jobs.tables.social import INTERACTION_TYPES

Read = Callable[..., list[Outcome]]
Dump = Callable[..., list[Outcome]]

AT = datetime(2024, 5, 1, 8, 30, 0, 123000, tzinfo=UTC)
WRITTEN = "2024-05-01T08:30:00.123"


@pytest.fixture(scope="session")
def dump(read_all: Read) -> Dump:
    """Reads rows of a table of the site ``meta``."""

    def read(table: str, *rows: str, file: str = "meta/Table.xml") -> list[Outcome]:
        lines = ['\ufeff<?xml version="1.0" encoding="utf-8"?>', f"<{table}>", *rows, f"</{table}>"]
        return read_all("stackexchange", lines, file=file)

    return read


def row(**attributes: str | None) -> str:
    written = " ".join(f'{name}="{value}"' for name, value in attributes.items() if value)
    return f"  <row {written} />"


def question(**changes: str | None) -> str:
    return row(
        **{
            "Id": "4",
            "PostTypeId": "1",
            "CreationDate": WRITTEN,
            "Score": "-3",
            "ViewCount": "12",
            "Title": "Where &amp;amp; how?",
            "Body": "&lt;p&gt;See &lt;a href=&quot;https://exemple.fr/&quot;&gt;this&lt;/a&gt; "
            "&amp;amp; that.&lt;/p&gt;&#xA;&lt;pre&gt;a &amp;lt; b&#xA;c&lt;/pre&gt;",
            "OwnerUserId": "7",
            "Tags": "&lt;Colis&gt;&lt;sur-place&gt;",
            "AnswerCount": "2",
            "CommentCount": "3",
            "LastEditDate": WRITTEN,
            **changes,
        }
    )


def answer(**changes: str | None) -> str:
    return row(
        **{
            "Id": "5",
            "PostTypeId": "2",
            "ParentId": "4",
            "CreationDate": WRITTEN,
            "Score": "1",
            "Body": "&lt;p&gt;Here.&lt;/p&gt;",
            "OwnerUserId": "7",
            "CommentCount": "0",
            **changes,
        }
    )


def vote(**changes: str | None) -> str:
    day = "2024-05-01T00:00:00.000"
    return row(**{"Id": "9", "PostId": "5", "VoteTypeId": "2", "CreationDate": day, **changes})


def values_of(outcomes: list[Outcome]) -> dict[str, Any]:
    (outcome,) = outcomes
    assert isinstance(outcome, Accepted), outcome
    return outcome.values


def test_question(dump: Dump) -> None:
    text = "Where &amp; how?\n\nSee this & that.\n\na < b\nc"
    assert dump("posts", question()) == [
        Accepted(
            "posts",
            {
                "channel": "medium",
                "post_id": "meta/4",
                "author_id": "meta/7",
                "author_handle": None,
                "text": text,
                "text_key": text_key(text),
                "is_text_repaired": False,
                "section": "meta",
                "created_at": AT,
                "edited_at": AT,
                "in_reply_to_post_id": None,
                "thread_id": "meta/4",
                "hashtags": ["colis", "sur-place"],
                "urls": ["https://exemple.fr/"],
                "like_count": -3,
                "reply_count": 5,
                "view_count": 12,
                "is_automated": False,
                "is_private": False,
                "is_deleted": False,
            },
            3,
            question().strip(),
        )
    ]


def test_answer_by_whoever_asked(dump: Dump) -> None:
    asked, accepted, answered = dump("posts", question(AcceptedAnswerId="5"), answer())
    assert isinstance(asked, Accepted)
    assert isinstance(accepted, Accepted)
    assert isinstance(answered, Accepted)
    assert accepted.table == "interactions"
    assert accepted.item == "/AcceptedAnswerId"
    assert accepted.values == {
        "channel": "medium",
        "interaction_type": "acceptance",
        "post_id": "meta/5",
        "account_id": "meta/7",
    }
    assert answered.values["author_id"] == asked.values["author_id"] == "meta/7"
    assert answered.values["in_reply_to_post_id"] == answered.values["thread_id"] == "meta/4"
    assert asked.values["in_reply_to_post_id"] is None
    assert answered.values["reply_count"] == 0
    assert answered.values["hashtags"] is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"Tags": "|Colis|sur-place|"}, {"hashtags": ["colis", "sur-place"]}),
        ({"Tags": None}, {"hashtags": None}),
        ({"CommentCount": None}, {"reply_count": None}),
        ({"OwnerUserId": "-1"}, {"author_id": "meta/-1", "is_automated": True}),
        (
            {"OwnerUserId": None, "OwnerDisplayName": "user12"},
            {"author_id": None, "author_handle": "user12", "is_automated": None},
        ),
        ({"OwnerDisplayName": "was user12"}, {"author_id": "meta/7", "author_handle": None}),
        (
            {"DeletionDate": WRITTEN},
            {"is_deleted": True, "text": None, "text_key": None, "urls": None},
        ),
        ({"ViewCount": None, "LastEditDate": None}, {"view_count": None, "edited_at": None}),
        ({"Title": None, "Body": None}, {"text": None, "text_key": None}),
        ({"PostTypeId": "9"}, {"thread_id": "meta/4", "author_id": "meta/7"}),
        (
            {"PostTypeId": "5", "OwnerUserId": "-1"},
            {"thread_id": None, "author_id": None, "is_automated": None},
        ),
    ],
)
def test_posts_of_other_kinds(
    dump: Dump, changes: dict[str, str | None], expected: dict[str, Any]
) -> None:
    values = values_of(dump("posts", question(**changes)))
    assert {name: values[name] for name in expected} == expected


@pytest.mark.parametrize("number", POSTS)
def test_every_documented_type_of_post_is_a_post(dump: Dump, number: int) -> None:
    values_of(dump("posts", question(PostTypeId=str(number), ParentId="2")))


def test_comment(dump: Dump) -> None:
    written = row(
        Id="4",
        PostId="5",
        Score="2",
        Text="@Lise see [it](https://exemple.fr/a), x &lt; y &amp;amp; `z`",
        CreationDate=WRITTEN,
        UserId="7",
    )
    text = "@Lise see [it](https://exemple.fr/a), x < y &amp; `z`"
    assert values_of(dump("comments", written)) == {
        "channel": "medium",
        "post_id": "meta/c4",
        "author_id": "meta/7",
        "author_handle": None,
        "text": text,
        "text_key": text_key(text),
        "is_text_repaired": False,
        "section": "meta",
        "created_at": AT,
        "in_reply_to_post_id": "meta/5",
        "urls": ["https://exemple.fr/a"],
        "like_count": 2,
        "is_automated": False,
        "is_private": False,
        "is_deleted": False,
    }
    gone = written.replace('UserId="7"', 'UserDisplayName="user7"')
    values = values_of(dump("comments", gone))
    assert (values["author_id"], values["author_handle"]) == (None, "user7")


def test_user(dump: Dump) -> None:
    person = row(
        Id="7",
        Reputation="101",
        CreationDate=WRITTEN,
        DisplayName="Lise",
        AboutMe="&lt;p&gt;Hi, &lt;b&gt;all&lt;/b&gt;&lt;/p&gt;",
        Location="Lyon",
        WebsiteUrl="https://exemple.fr",
    )
    assert values_of(dump("users", person)) == {
        "channel": "medium",
        "account_id": "meta/7",
        "display_name": "Lise",
        "description": "Hi, all",
        "location": "Lyon",
        "url": "https://exemple.fr",
        "is_automated": False,
        "created_at": AT,
    }
    program = values_of(dump("users", row(Id="-1", CreationDate=WRITTEN)))
    assert (program["account_id"], program["is_automated"]) == ("meta/-1", True)
    assert program["display_name"] is program["description"] is None


def test_vote_has_a_day_and_no_time(dump: Dump) -> None:
    assert values_of(dump("votes", vote())) == {
        "channel": "medium",
        "interaction_type": "upvote",
        "interaction_id": "meta/votes/9",
        "post_id": "meta/5",
        "account_id": None,
        "created_at": None,
        "created_date": date(2024, 5, 1),
        "detail": None,
    }
    exact = values_of(dump("votes", vote(CreationDate=WRITTEN)))
    assert (exact["created_at"], exact["created_date"]) == (AT, None)


def test_votes_that_differ_in_their_id_only_are_two_events(dump: Dump) -> None:
    first, second = dump("votes", vote(), vote(Id="10"))
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert first.values != second.values
    assert {**first.values, "interaction_id": None} == {**second.values, "interaction_id": None}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"VoteTypeId": "5", "UserId": "7"}, ("bookmark", "meta/7", None)),
        ({"VoteTypeId": "5", "UserId": "-1"}, ("bookmark", None, None)),
        (
            {"VoteTypeId": "8", "UserId": "7", "BountyAmount": "50"},
            ("bounty_start", "meta/7", "50"),
        ),
        ({"VoteTypeId": "9", "BountyAmount": "50"}, ("bounty_end", None, "50")),
        ({"VoteTypeId": "10"}, ("deletion_vote", None, None)),
        ({"VoteTypeId": "1"}, ("acceptance", None, None)),
        ({"VoteTypeId": "19"}, ("reaction", None, "thank you")),
        ({"VoteTypeId": "33"}, ("downvote", None, "in a discussion of a collective")),
    ],
)
def test_votes_by_type(
    dump: Dump, changes: dict[str, str | None], expected: tuple[str | None, ...]
) -> None:
    values = values_of(dump("votes", vote(**changes)))
    assert (values["interaction_type"], values["account_id"], values["detail"]) == expected


def test_every_documented_vote_has_a_type_that_hides_no_post(dump: Dump) -> None:
    for number in VOTES:
        kind = values_of(dump("votes", vote(VoteTypeId=str(number))))["interaction_type"]
        assert kind in INTERACTION_TYPES
        assert kind not in {"deletion", "withholding"}


def test_badge(dump: Dump) -> None:
    badge = row(
        Id="3", UserId="7", Name="Nice &amp; Kind", Date=WRITTEN, Class="3", TagBased="True"
    )
    assert values_of(dump("badges", badge)) == {
        "channel": "medium",
        "interaction_type": "badge",
        "interaction_id": "meta/badges/3",
        "account_id": "meta/7",
        "created_at": AT,
        "detail": "Nice & Kind (bronze)",
    }
    old = row(Id="3", UserId="7", Name="Nice", Date=WRITTEN)
    assert values_of(dump("badges", old))["detail"] == "Nice"


@pytest.mark.parametrize(("number", "kind"), [("1", "link"), ("3", "duplicate_of")])
def test_link(dump: Dump, number: str, kind: str) -> None:
    link = row(Id="3", CreationDate=WRITTEN, PostId="4", RelatedPostId="1", LinkTypeId=number)
    assert values_of(dump("postlinks", link)) == {
        "channel": "medium",
        "interaction_type": kind,
        "interaction_id": "meta/postlinks/3",
        "post_id": "meta/4",
        "other_post_id": "meta/1",
        "created_at": AT,
    }


def test_revision(dump: Dump) -> None:
    change = row(
        Id="3",
        PostHistoryTypeId="5",
        PostId="4",
        RevisionGUID="a-b",
        CreationDate=WRITTEN,
        UserId="7",
        Text="Now **this**",
    )
    assert values_of(dump("posthistory", change)) == {
        "channel": "medium",
        "interaction_type": "revision",
        "interaction_id": "meta/posthistory/3",
        "post_id": "meta/4",
        "account_id": "meta/7",
        "created_at": AT,
        "detail": "edit of the body",
    }


def test_tag(dump: Dump) -> None:
    tag = row(Id="1", TagName="Bug", Count="11", ExcerptPostId="8", IsRequired="True")
    assert values_of(dump("tags", tag)) == {
        "channel": "medium",
        "tag_id": "meta/1",
        "section": "meta",
        "name": "bug",
        "posts_count": 11,
        "excerpt_post_id": "meta/8",
        "wiki_post_id": None,
        "is_required": True,
        "is_moderator_only": None,
    }


@pytest.mark.parametrize(
    ("table", "written", "reason", "part_of_detail"),
    [
        ("posts", question(Id=None), "missing_field", "Id: nothing found"),
        ("posts", question(PostTypeId=None), "missing_field", "PostTypeId: nothing found"),
        ("posts", question(PostTypeId="11"), "impossible_value", "PostTypeId: found '11'"),
        ("posts", question(CreationDate=None), "missing_field", "CreationDate: nothing found"),
        ("posts", question(Score="abc"), "wrong_type", "Score: found 'abc'"),
        ("posts", question(Score="1.5"), "wrong_type", "Score: found '1.5'"),
        ("posts", question(ViewCount="-1"), "impossible_value", "ViewCount: found '-1'"),
        ("posts", question(AnswerCount="-1"), "impossible_value", "AnswerCount: found '-1'"),
        ("posts", question(AcceptedAnswerId="x"), "wrong_type", "AcceptedAnswerId: found 'x'"),
        ("posts", question(OwnerUserId="5.7E+17"), "wrong_type", "OwnerUserId: found '5.7E+17'"),
        ("posts", answer(ParentId=None), "missing_field", "ParentId: nothing found"),
        (
            "posts",
            question(CreationDate="1900-01-01T00:00:00"),
            "impossible_value",
            "CreationDate: found '1900-01-01T00:00:00'",
        ),
        (
            "posts",
            question(LastEditDate="2024-02-31T00:00:00"),
            "impossible_value",
            "LastEditDate: found '2024-02-31T00:00:00'",
        ),
        ("posts", question(CreationDate="2024-05-01"), "impossible_value", "CreationDate: found"),
        ("comments", row(Id="1", PostId="2", CreationDate=WRITTEN), "missing_field", "Text"),
        ("users", row(Id="7x", CreationDate=WRITTEN), "wrong_type", "Id: found '7x'"),
        ("votes", vote(VoteTypeId="34"), "impossible_value", "VoteTypeId: found '34'"),
        ("votes", vote(VoteTypeId="up"), "wrong_type", "VoteTypeId: found 'up'"),
        ("votes", vote(CreationDate="yesterday"), "impossible_value", "CreationDate"),
        ("votes", vote(BountyAmount="-50"), "impossible_value", "BountyAmount: found '-50'"),
        ("badges", row(Id="1", UserId="2", Date=WRITTEN), "missing_field", "Name"),
        (
            "badges",
            row(Id="1", UserId="2", Name="a", Date=WRITTEN, Class="4"),
            "impossible_value",
            "Class: found '4'",
        ),
        (
            "postlinks",
            row(Id="1", CreationDate=WRITTEN, PostId="1", RelatedPostId="2", LinkTypeId="2"),
            "impossible_value",
            "LinkTypeId: found '2'",
        ),
        (
            "posthistory",
            row(Id="1", CreationDate=WRITTEN, PostId="1", PostHistoryTypeId="99"),
            "impossible_value",
            "PostHistoryTypeId: found '99'",
        ),
        ("tags", row(Id="1", Count="3"), "missing_field", "TagName"),
        ("tags", row(Id="1", TagName="a", Count="-3"), "impossible_value", "Count: found '-3'"),
        ("tags", row(Id="1", TagName="a", IsRequired="2"), "wrong_type", "IsRequired: found '2'"),
        ("reviews", row(Id="1"), "unknown_object", "expected <posts>"),
    ],
)
def test_faults_name_field_and_finding(
    dump: Dump, table: str, written: str, reason: str, part_of_detail: str
) -> None:
    fault = next(o for o in dump(table, written) if o.position == 3)
    assert isinstance(fault, Quarantined)
    assert fault.reason == reason
    assert part_of_detail in fault.detail
    assert fault.raw == written.strip()


def test_a_faulty_question_gives_no_acceptance(dump: Dump) -> None:
    (fault,) = dump("posts", question(AcceptedAnswerId="5", Score="abc"))
    assert isinstance(fault, Quarantined)


@pytest.mark.parametrize(
    ("file", "site"),
    [
        ("french.stackexchange.com/Posts.xml", "french.stackexchange.com"),
        ("french.stackexchange.com/2024-04/Posts.xml", "french.stackexchange.com"),
        ("french.stackexchange.com.7z!Posts.xml", "french.stackexchange.com"),
        ("stackoverflow.com-Posts.7z!Posts.xml", "stackoverflow.com"),
        ("all.zip!french.stackexchange.com/Posts.xml", "french.stackexchange.com"),
        ("french.stackexchange.com/dump.zip!Posts.xml", "french.stackexchange.com"),
    ],
)
def test_site(dump: Dump, file: str, site: str) -> None:
    assert values_of(dump("posts", question(), file=file))["post_id"] == f"{site}/4"


@pytest.mark.parametrize("file", ["Posts.xml", "Posts.xml.gz", "é/Posts.xml", "a b/Posts.xml"])
def test_a_file_of_no_site_is_set_aside_row_by_row(dump: Dump, file: str) -> None:
    outcomes = dump("posts", question(), answer(), file=file)
    assert [getattr(outcome, "reason", None) for outcome in outcomes] == ["no_site"] * 2


REAL = {
    "Badges.xml": (4_002, {"badge": 4_002}),
    "Comments.xml": (1_305, {"posts": 1_305}),
    "PostLinks.xml": (134, {"link": 125, "duplicate_of": 9}),
    "Posts.xml": (781, {"posts": 781, "acceptance": 86}),
    "Tags.xml": (94, {"tags": 94}),
    "Users.xml": (1_703, {"accounts": 1_703}),
    "Votes.xml": (
        4_349,
        {
            "upvote": 3_772,
            "downvote": 291,
            "bookmark": 127,
            "acceptance": 87,
            "deletion_vote": 28,
            "moderator_review": 19,
            "close_vote": 17,
            "edit_approval": 8,
        },
    ),
}


@pytest.mark.parametrize("name", REAL)
def test_real_dump(
    read_all: Read,
    shared_data: Path,
    assert_conform: Callable[[list[Outcome]], None],
    name: str,
) -> None:
    content = (shared_data / "stackexchange_meta_french" / name).read_bytes()
    outcomes = read_all("stackexchange", content, file=f"french.meta/{name}")
    assert_conform(outcomes)
    row_count, counts = REAL[name]
    assert content.count(b"<row ") == row_count
    assert len({outcome.position for outcome in outcomes}) == row_count
    accepted = [outcome for outcome in outcomes if isinstance(outcome, Accepted)]
    assert len(accepted) == len(outcomes)  # nothing of it is broken
    found = Counter(o.values.get("interaction_type") or o.table for o in accepted)
    assert found == counts
    assert not any(outcome.values.get("is_text_repaired") for outcome in accepted)


def test_real_posts(read_all: Read, shared_data: Path) -> None:
    folder = shared_data / "stackexchange_meta_french"
    outcomes = read_all("stackexchange", (folder / "Posts.xml").read_bytes(), file="m/Posts.xml")
    values = [o.values for o in outcomes if isinstance(o, Accepted)]
    posts = {row["post_id"]: row for row in values if "text" in row}
    answers = [post for post in posts.values() if post["in_reply_to_post_id"]]
    assert len(answers) == 487
    assert {post["thread_id"] for post in answers} <= posts.keys()
    assert sum(post["hashtags"] is not None for post in posts.values()) == 274
    assert sum(post["edited_at"] is not None for post in posts.values()) == 506
    assert not any("<p>" in (post["text"] or "") for post in posts.values())
    accepted = [row for row in values if "interaction_type" in row]
    assert {posts[row["post_id"]]["in_reply_to_post_id"] for row in accepted} <= posts.keys()
    by_asker = [
        row
        for row in accepted
        if row["account_id"] and posts[row["post_id"]]["author_id"] == row["account_id"]
    ]
    assert 0 < len(by_asker) < len(accepted)
