"""The numbers by which Stack Exchange dumps name types, and what each is called here.

Source: https://meta.stackexchange.com/questions/2677. A number that is not listed there is not
listed here: its row is set aside, so that somebody looks.
"""

from __future__ import annotations

QUESTION = "question"
ANSWER = "answer"

WIKIS = frozenset(
    {
        "orphaned tag wiki",
        "tag wiki excerpt",
        "tag wiki",
        "wiki placeholder",
        "privilege wiki",
        "help article",
        "collection",
        "collective collection",
    }
)
"""Types of posts that are pages of the site rather than what somebody says on it."""

POSTS = {
    1: QUESTION,
    2: ANSWER,
    3: "orphaned tag wiki",
    4: "tag wiki excerpt",
    5: "tag wiki",
    6: "moderator nomination",
    7: "wiki placeholder",
    8: "privilege wiki",
    9: "article",
    10: "help article",
    12: "collection",
    13: "moderator questionnaire response",
    14: "announcement",
    15: "collective discussion",
    17: "collective collection",
}

VOTES = {
    -1: "moderator_flag",
    0: "undone_vote",
    1: "acceptance",
    2: "upvote",
    3: "downvote",
    4: "offensive_flag",
    5: "bookmark",
    6: "close_vote",
    7: "reopen_vote",
    8: "bounty_start",
    9: "bounty_end",
    10: "deletion_vote",
    11: "undeletion_vote",
    12: "spam_flag",
    15: "moderator_review",
    16: "edit_approval",
    17: "reaction: celebrate",
    18: "reaction: helpful",
    19: "reaction: thank you",
    20: "reaction: well written",
    21: "follow",
    22: "reaction: smile",
    23: "reaction: mind blown",
    24: "reaction: clap",
    25: "reaction: heart",
    26: "reaction: fire",
    27: "reaction: trophy",
    28: "reaction: wave",
    29: "freshness_vote: outdated",
    30: "freshness_vote: not outdated",
    31: "pre_vote",
    32: "upvote: in a discussion of a collective",
    33: "downvote: in a discussion of a collective",
    35: "answer_rating: correct",
    36: "answer_rating: incorrect",
    37: "answer_rating: partially correct",
}
"""Types of interactions; what follows a colon is their detail. A ``deletion`` would hide the post,
which a vote for it does not."""

BADGE_CLASSES = {1: "gold", 2: "silver", 3: "bronze"}

LINKS = {1: "link", 3: "duplicate_of"}

REVISIONS = {
    1: "initial title",
    2: "initial body",
    3: "initial tags",
    4: "edit of the title",
    5: "edit of the body",
    6: "edit of the tags",
    7: "rollback of the title",
    8: "rollback of the body",
    9: "rollback of the tags",
    10: "closed",
    11: "reopened",
    12: "deleted",
    13: "undeleted",
    14: "locked",
    15: "unlocked",
    16: "community owned",
    17: "migrated",
    18: "merged",
    19: "protected",
    20: "unprotected",
    21: "disassociated",
    22: "unmerged",
    23: "unknown 23",
    24: "suggested edit applied",
    25: "tweeted",
    26: "unknown 26",
    27: "unknown 27",
    28: "unknown 28",
    29: "unknown 29",
    30: "unknown 30",
    31: "comments moved to chat",
    33: "notice added",
    34: "notice removed",
    35: "migrated away",
    36: "migrated here",
    37: "merge source",
    38: "merge destination",
    50: "bumped",
    52: "hot question",
    53: "no longer a hot question",
    66: "created by the assistant for questions",
}
"""What a row of a post's history says happened; the numbers of old dumps that nobody explained are
kept as numbers."""
