"""What people write where others read it, who they are there, and what happens to it."""

from __future__ import annotations

from spark_jobs.tables.bronze_record import record_table
from spark_jobs.tables.declaration import BOOLEAN, DATE, INSTANT, INTEGER, STRING, STRINGS, Column

POSTS = record_table(
    "posts",
    "one version of one post",
    ("post_id",),
    (
        Column("channel", STRING, "Medium the post appeared on.", required=True),
        Column("post_id", STRING, "Id of the post in its source.", required=True),
        Column("author_id", STRING, "Id of the author's account in its source."),
        Column("author_handle", STRING, "Name the author's account is addressed by."),
        Column("text", STRING, "Text as written; a title is its first paragraph."),
        Column("text_key", STRING, "Hash of the text: what annotations are keyed by."),
        Column(
            "is_text_repaired",
            BOOLEAN,
            "Whether the text was delivered in a mistaken encoding and mended; null without text.",
        ),
        Column("section", STRING, "Forum, board or site inside the source, such as a subreddit."),
        Column("created_at", INSTANT, "When the post was written."),
        Column("received_at", INSTANT, "When the collector read this version, as the source says."),
        Column("edited_at", INSTANT, "When the author last edited it."),
        Column(
            "edit_of_post_id",
            STRING,
            "First post of the edit history, where an edit has an id of its own.",
        ),
        Column("in_reply_to_post_id", STRING, "Post that this one answers."),
        Column("in_reply_to_account_id", STRING, "Author of the post that this one answers."),
        Column("thread_id", STRING, "First post of the reply tree, as the source gives it."),
        Column("repost_of_post_id", STRING, "Post that this one repeats unchanged."),
        Column("quoted_post_id", STRING, "Post that this one comments on."),
        Column("mentions", STRINGS, "Handles addressed, without @, lower case."),
        Column("hashtags", STRINGS, "Hashtags, without #, lower case."),
        Column("urls", STRINGS, "Links in the text, expanded where the source expands them."),
        Column("like_count", INTEGER, "Likes; the score of a forum post, which may be negative."),
        Column("repost_count", INTEGER, "Reposts.", minimum=0),
        Column("reply_count", INTEGER, "Replies.", minimum=0),
        Column("view_count", INTEGER, "Views.", minimum=0),
        Column("lang_hint", STRING, "Language as the source guesses it."),
        Column("is_inbound", BOOLEAN, "Whether the source says a customer wrote it to a brand."),
        Column("is_automated", BOOLEAN, "Whether the source marks it as written by a program."),
        Column("is_private", BOOLEAN, "Whether it is a direct message."),
        Column("is_deleted", BOOLEAN, "Whether its author or a moderator took it away."),
        Column(
            "withheld_in_countries",
            STRINGS,
            "Where the platform hides it, ISO 3166 alpha-2; XX everywhere, XY by copyright.",
        ),
    ),
    time="created_at",
)

ACCOUNTS = record_table(
    "accounts",
    "one version of one account's profile",
    ("account_id",),
    (
        Column("channel", STRING, "Medium of the account.", required=True),
        Column("account_id", STRING, "Id of the account in its source.", required=True),
        Column("handle", STRING, "Name the account is addressed by."),
        Column("display_name", STRING, "Name shown."),
        Column("description", STRING, "What the account says of itself."),
        Column("location", STRING, "Place the account names."),
        Column("url", STRING, "Link the account gives."),
        Column("followers_count", INTEGER, "Followers.", minimum=0),
        Column("following_count", INTEGER, "Accounts it follows.", minimum=0),
        Column("posts_count", INTEGER, "Posts, as the source counts them.", minimum=0),
        Column("is_verified", BOOLEAN, "Whether the source verified the account."),
        Column("is_brand", BOOLEAN, "Whether the source says it speaks for a company."),
        Column("is_automated", BOOLEAN, "Whether the source marks it as a program."),
        Column("created_at", INSTANT, "When the account was opened."),
        Column("received_at", INSTANT, "When the collector read this version."),
    ),
    clock="received_at",
)

INTERACTION_TYPES = (
    "deletion",  # of the post, whose text is hidden then
    "withholding",
    "acceptance",  # of an answer; a source may deliver one twice, as a state and as a vote
    "upvote",
    "downvote",
    "like",
    "reaction",
    "bookmark",
    "follow",
    "badge",
    "link",
    "duplicate_of",
    "revision",
    "bounty_start",
    "bounty_end",
    "close_vote",
    "reopen_vote",
    "deletion_vote",  # asks for a deletion, which may never come
    "undeletion_vote",
    "undone_vote",
    "pre_vote",
    "freshness_vote",
    "answer_rating",
    "edit_approval",
    "offensive_flag",
    "spam_flag",
    "moderator_flag",
    "moderator_review",
)

INTERACTIONS = record_table(
    "interactions",
    "one event on a post, or of an account",
    ("interaction_type", "interaction_id", "post_id", "account_id", "created_at"),
    (
        Column("channel", STRING, "Medium of the event.", required=True),
        Column(
            "interaction_type",
            STRING,
            "What happened.",
            required=True,
            allowed=INTERACTION_TYPES,
        ),
        Column(
            "interaction_id",
            STRING,
            "Id of the event in its source: two with all else alike are two events.",
        ),
        Column("post_id", STRING, "Post it happened to; null where it is about an account."),
        Column("other_post_id", STRING, "Post that the post is put in relation to."),
        Column("account_id", STRING, "Account that did it, or that it happened to."),
        Column("created_at", INSTANT, "When it happened; null where only the day is known."),
        Column(
            "created_date", DATE, "Day it happened, in UTC, where the source hides the time of day."
        ),
        Column("detail", STRING, "What else the source says of it, such as the reason."),
    ),
    time="created_at",
)

TAGS = record_table(
    "tags",
    "one version of one tag that a forum lets its posts have",
    ("tag_id",),
    (
        Column("channel", STRING, "Medium of the forum.", required=True),
        Column("tag_id", STRING, "Id of the tag in its source.", required=True),
        Column("section", STRING, "Forum, board or site inside the source."),
        Column("name", STRING, "The tag, as hashtags of posts name it.", required=True),
        Column("posts_count", INTEGER, "Posts that have it, as the source counts them.", minimum=0),
        Column("excerpt_post_id", STRING, "Post that says in a line what the tag is for."),
        Column("wiki_post_id", STRING, "Post that explains the tag."),
        Column("is_required", BOOLEAN, "Whether a post must have it or another such tag."),
        Column("is_moderator_only", BOOLEAN, "Whether only moderators may give it."),
    ),
)
