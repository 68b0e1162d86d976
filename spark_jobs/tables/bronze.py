"""The bronze tables: what sources delivered, in canonical columns, with where it came from.

Adapters fill these. A field that a source does not have is null, never a made-up value.
"""

from __future__ import annotations

from spark_jobs.tables.declaration import (
    BOOLEAN,
    DATE,
    INSTANT,
    INTEGER,
    MONEY,
    NUMBER,
    STRING,
    STRINGS,
    Column,
    NotAfter,
    Rule,
    SignBy,
    Table,
)

PROVENANCE = (
    Column("source", STRING, "Name of the source, as declared in the sources file.", required=True),
    Column("batch_id", STRING, "Capture batch that read the record.", required=True),
    Column(
        "file",
        STRING,
        "File, relative to the landing folder; a member of an archive follows after '!'.",
        required=True,
    ),
    Column(
        "position",
        INTEGER,
        "Line of the file on which the record starts, counted from 1.",
        required=True,
        minimum=1,
    ),
    Column("item", STRING, "JSON pointer of the record in its line; null for a whole line."),
)
RECORD = (
    Column(
        "record_hash",
        STRING,
        "Hash of the canonical values: equal hashes are the same version of the same record.",
        required=True,
    ),
    Column("raw", STRING, "The record as delivered.", required=True),
)


def _table(
    name: str,
    grain: str,
    identity: tuple[str, ...],
    columns: tuple[Column, ...],
    time: str | None = None,
    clock: str | None = None,
    rules: tuple[Rule, ...] = (),
) -> Table:
    """A bronze table whose grain is one delivered version of ``identity``."""
    return Table(
        name=name,
        grain=grain,
        key=("source", *identity, "record_hash"),
        columns=(*PROVENANCE, *columns, *RECORD),
        hashed=tuple(column.name for column in columns),
        time=time,
        clock=clock or time,
        rules=rules,
    )


POSTS = _table(
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

ACCOUNTS = _table(
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

INTERACTIONS = _table(
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

TAGS = _table(
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

CONTACT_KEYS = (
    Column("email_key", STRING, "Keyed hash (HMAC) of the normalised e-mail address."),
    Column("phone_key", STRING, "Keyed hash (HMAC) of the phone number in E.164."),
)

_EMAIL = Column(
    "email", STRING, "E-mail address as delivered. Never leaves bronze.", is_personal=True
)
_PHONE = Column(
    "phone", STRING, "Phone number as delivered. Never leaves bronze.", is_personal=True
)
CONTACT_POINTS = (_EMAIL, _PHONE)
"""What contact keys are made of. Adapters may give either to any table that has the keys, also
where the table has no column for it."""

CUSTOMERS = _table(
    "customers",
    "one version of one CRM customer",
    ("customer_id",),
    (
        Column("customer_id", STRING, "Id of the customer in the CRM.", required=True),
        Column("first_name", STRING, "Given name.", is_personal=True),
        Column("last_name", STRING, "Family name.", is_personal=True),
        _EMAIL,
        _PHONE,
        *CONTACT_KEYS,
        Column("street", STRING, "Street and number. Never leaves bronze.", is_personal=True),
        Column("postal_code", STRING, "Postal code. Never leaves bronze.", is_personal=True),
        Column("city", STRING, "Town. Never leaves bronze.", is_personal=True),
        Column("country", STRING, "Country, ISO 3166 alpha-2."),
        Column("birth_date", DATE, "Date of birth. Never leaves bronze.", is_personal=True),
        Column("language", STRING, "Language of correspondence, ISO 639-1."),
        Column("loyalty_card_id", STRING, "Loyalty card."),
        Column("handles", STRINGS, "Accounts the customer declared, each as source:handle."),
        Column("created_at", INSTANT, "When the CRM row was made."),
        Column("updated_at", INSTANT, "When the CRM row last changed."),
        Column("is_deleted", BOOLEAN, "Whether the CRM marks it as removed."),
    ),
    time="updated_at",
    rules=(NotAfter("birth_date", "created_at"),),
)

ORDERS = _table(
    "orders",
    "one version of one order",
    ("order_id",),
    (
        Column("order_id", STRING, "Id of the order.", required=True),
        Column("customer_id", STRING, "CRM customer who placed it."),
        _EMAIL,
        *CONTACT_KEYS,
        Column("loyalty_card_id", STRING, "Loyalty card shown."),
        Column("brand", STRING, "Brand that sold it."),
        Column("sales_channel", STRING, "Where it was placed, such as web or store."),
        Column(
            "status",
            STRING,
            "State of the order.",
            allowed=("placed", "shipped", "delivered", "cancelled", "returned"),
        ),
        Column("currency", STRING, "Currency, ISO 4217."),
        Column("total_amount", MONEY, "Amount in its currency; negative for a refund."),
        Column("product_ids", STRINGS, "Products bought."),
        Column("ordered_at", INSTANT, "When it was placed.", required=True),
        Column("updated_at", INSTANT, "When the order last changed."),
    ),
    time="ordered_at",
)

ORDER_LINES = _table(
    "order_lines",
    "one version of one line of an order",
    ("order_id", "line_id"),
    (
        Column("order_id", STRING, "Order that the line belongs to.", required=True),
        Column("line_id", STRING, "Id of the line, or its number in the order.", required=True),
        Column("product_id", STRING, "Product bought."),
        Column("product_name", STRING, "Name of the product on the order."),
        Column("quantity", NUMBER, "How much of it; negative where it came back."),
        Column("unit_amount", MONEY, "Price of one, before any rebate on the line."),
        Column("line_amount", MONEY, "Amount of the line; negative for a refund."),
        Column("currency", STRING, "Currency, ISO 4217."),
        Column("ordered_at", INSTANT, "When the order was placed."),
        Column("updated_at", INSTANT, "When the line last changed."),
    ),
    time="ordered_at",
)

SURVEYS = _table(
    "surveys",
    "one version of one survey answer",
    ("response_id",),
    (
        Column("response_id", STRING, "Id of the answer.", required=True),
        Column("survey_id", STRING, "Survey that was answered."),
        Column("customer_id", STRING, "CRM customer who answered."),
        _EMAIL,
        *CONTACT_KEYS,
        Column("order_id", STRING, "Order that the survey was about."),
        Column("brand", STRING, "Brand that the survey was about."),
        Column("nps_score", INTEGER, "Likelihood to recommend, 0 to 10.", minimum=0, maximum=10),
        Column("text", STRING, "Free answer as written."),
        Column("text_key", STRING, "Hash of the text: what annotations are keyed by."),
        Column(
            "is_text_repaired",
            BOOLEAN,
            "Whether the text was delivered in a mistaken encoding and mended; null without text.",
        ),
        Column("answered_at", INSTANT, "When it was answered.", required=True),
    ),
    time="answered_at",
)

LOYALTY = _table(
    "loyalty",
    "one version of one loyalty movement",
    ("movement_id",),
    (
        Column("movement_id", STRING, "Id of the movement.", required=True),
        Column("loyalty_card_id", STRING, "Card whose balance moved.", required=True),
        Column("customer_id", STRING, "CRM customer who holds the card."),
        Column("order_id", STRING, "Order that earned or spent the points."),
        Column(
            "movement_type",
            STRING,
            "Why the balance moved.",
            required=True,
            allowed=("earn", "redeem", "expire", "adjust"),
        ),
        Column("points_count", INTEGER, "Points, negative where they leave.", required=True),
        Column("moved_at", INSTANT, "When it moved.", required=True),
    ),
    time="moved_at",
    rules=(SignBy("points_count", "movement_type", {"earn": 1, "redeem": -1, "expire": -1}),),
)

CONSENTS = _table(
    "consents",
    "one version of one consent of a customer",
    ("consent_id",),
    (
        Column("consent_id", STRING, "Id of the consent.", required=True),
        Column("customer_id", STRING, "CRM customer who gave or withdrew it."),
        *CONTACT_POINTS,
        *CONTACT_KEYS,
        Column("purpose", STRING, "What it allows, such as newsletter.", required=True),
        Column("contact_channel", STRING, "By what means, such as email, sms, phone or post."),
        Column("is_granted", BOOLEAN, "Whether it is given, not withdrawn.", required=True),
        Column("changed_at", INSTANT, "When it was given or withdrawn.", required=True),
        Column("legal_basis", STRING, "Ground of law it stands on, as the source names it."),
        Column("origin", STRING, "Where it was given or withdrawn, such as web form or store."),
    ),
    time="changed_at",
)

IDENTITY_DECISIONS = _table(
    "identity_decisions",
    "one version of one decision of a steward on who is one person",
    ("decision_id",),
    (
        Column("decision_id", STRING, "Id of the decision.", required=True),
        Column(
            "decision",
            STRING,
            "Whether the two records are one person's.",
            required=True,
            allowed=("together", "apart"),
        ),
        Column("record_source", STRING, "Source of the account, or crm.", required=True),
        Column("record_id", STRING, "Id of the account or CRM customer.", required=True),
        Column("other_record_source", STRING, "Source of the other one, or crm.", required=True),
        Column("other_record_id", STRING, "Its id.", required=True),
        Column("author", STRING, "Who decided.", required=True),
        Column("decided_at", INSTANT, "When it was decided, or withdrawn.", required=True),
        Column("is_withdrawn", BOOLEAN, "Whether it does not hold any more."),
        Column("reason", STRING, "Why."),
    ),
    time="decided_at",
)

LEDGER = Table(
    "ledger",
    "one version of one file",
    ("source", "file", "content_hash"),
    (
        Column("source", STRING, "Source that the file belongs to.", required=True),
        Column("batch_id", STRING, "Capture batch that read it.", required=True),
        Column("file", STRING, "File, relative to the landing folder.", required=True),
        Column("content_hash", STRING, "SHA-256 of the file's bytes.", required=True),
        Column("byte_count", INTEGER, "Size of the file.", required=True, minimum=0),
        Column("modified_at", INSTANT, "When the file was last written.", required=True),
        Column("adapter", STRING, "Adapter that read it.", required=True),
        Column("duplicate_of_file", STRING, "Earlier file with the same bytes, if any."),
        Column("rows_read_count", INTEGER, "Records found.", required=True, minimum=0),
        Column("rows_accepted_count", INTEGER, "Records in bronze.", required=True, minimum=0),
        Column(
            "rows_duplicate_count",
            INTEGER,
            "Records that bronze already held in the same version.",
            required=True,
            minimum=0,
        ),
        Column("rows_quarantined_count", INTEGER, "Records set aside.", required=True, minimum=0),
        Column("reasons", STRING, "JSON object: quarantined records by reason.", required=True),
        Column("first_at", INSTANT, "Earliest time of a record."),
        Column("last_at", INSTANT, "Latest time of a record."),
        Column("captured_at", INSTANT, "When the batch was read.", required=True),
        Column("seconds", NUMBER, "Time a worker took to read it.", required=True, minimum=0),
        Column(
            "unmapped_fields",
            STRINGS,
            "Names of fields that are only in the raw records, in order.",
            required=True,
        ),
    ),
)

REPEATS = Table(
    "repeats",
    "one more place of a version of a record that bronze holds from elsewhere",
    ("source", "file", "position", "item", "table_name"),
    (
        *PROVENANCE,
        Column("table_name", STRING, "Bronze table of the record.", required=True),
        Column("record_hash", STRING, "Hash of its canonical values.", required=True),
    ),
)

QUARANTINE = Table(
    "quarantine",
    "one record that could not be read",
    ("source", "file", "position", "item", "reason"),
    (
        *PROVENANCE,
        Column("reason", STRING, "What kind of fault.", required=True),
        Column("detail", STRING, "What was found, in which field.", required=True),
        Column("raw", STRING, "The record as delivered; undecodable bytes escaped.", required=True),
        Column(
            "raw_excerpt",
            STRING,
            "Its first characters without personal data: what is shown outside bronze.",
            required=True,
        ),
    ),
)

ENTITIES = (
    POSTS,
    ACCOUNTS,
    INTERACTIONS,
    TAGS,
    CUSTOMERS,
    ORDERS,
    ORDER_LINES,
    SURVEYS,
    LOYALTY,
    CONSENTS,
    IDENTITY_DECISIONS,
)
"""The tables that adapters fill."""

TABLES = {table.name: table for table in (*ENTITIES, LEDGER, QUARANTINE, REPEATS)}
