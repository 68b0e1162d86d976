"""The nodes of the graph: their labels, properties and the published table each comes from.

How they are tied is ``graph.model``'s, which also draws the whole.
"""

from __future__ import annotations

from graph.schema import Kind, Measure, Node, Property

BRAND = Node(
    label="Brand",
    description="A brand of the company, or a competitor's.",
    table="dim_brands",
    key=Property("brand_key", Kind.TEXT, "Surrogate key."),
    properties=(
        Property("name", Kind.TEXT, "Name as people write it.", column="brand", is_indexed=True),
        Property("is_competitor", Kind.BOOLEAN, "Whether it is somebody else's."),
    ),
)

PERSON = Node(
    label="Person",
    description="One human, resolved over accounts and CRM rows; never a brand.",
    table="dim_customers",
    key=Property("customer_key", Kind.TEXT, "Surrogate key, stable while the person exists."),
    properties=(
        Property("is_known", Kind.BOOLEAN, "Whether the CRM knows the person."),
        Property("customer_id", Kind.TEXT, "Id in the CRM.", is_indexed=True),
        Property("display_name", Kind.TEXT, "Name shown."),
        Property("country", Kind.TEXT, "Country, ISO 3166 alpha-2."),
        Property("language", Kind.TEXT, "Language of correspondence, ISO 639-1."),
        Property("accounts_count", Kind.INTEGER, "Accounts.", measure=Measure.TOTAL),
        Property("channels", Kind.TEXTS, "Media the person uses."),
        Property("preferred_channel", Kind.TEXT, "Where the person begins most talks with brands."),
        Property("posts_count", Kind.INTEGER, "Posts over all accounts.", measure=Measure.TOTAL),
        Property("positive_posts_count", Kind.INTEGER, "Posts of positive sentiment, no reposts."),
        Property("negative_posts_count", Kind.INTEGER, "Posts of negative sentiment, no reposts."),
        Property("net_sentiment", Kind.NUMBER, "(positive - negative) / all of these, -1 to 1."),
        Property("conversations_count", Kind.INTEGER, "Conversations with brand accounts."),
        Property("answers_given_count", Kind.INTEGER, "Answers given to other customers."),
        Property("orders_count", Kind.INTEGER, "Orders.", measure=Measure.TOTAL),
        Property("orders_amount", Kind.NUMBER, "Sum of orders.", measure=Measure.TOTAL),
        Property("last_order_at", Kind.INSTANT, "Time of the last order."),
        Property("rfm_cell", Kind.TEXT, "Fifths of recency, frequency, monetary value: 555 best."),
        Property("alive_probability", Kind.NUMBER, "Probability of still buying, by BG/NBD."),
        Property(
            "lifetime_value_amount",
            Kind.NUMBER,
            "What the person is expected to spend within a year; null where not estimated.",
            measure=Measure.TOTAL,
        ),
        Property("lifetime_value_low_amount", Kind.NUMBER, "Lower end of its 95 % interval."),
        Property("lifetime_value_high_amount", Kind.NUMBER, "Upper end of that interval."),
        Property("nps_score", Kind.INTEGER, "Last likelihood to recommend, 0 to 10."),
        Property("nps_answers_count", Kind.INTEGER, "Survey answers with a score."),
        Property("feeling_score", Kind.NUMBER, "Feeling for our brands over a year, -1 to 1."),
        Property("statements_count", Kind.INTEGER, "Posts and survey answers it rests on."),
        Property(
            "segment", Kind.TEXT, "What value, feeling and activity make of them.", is_indexed=True
        ),
        Property("value_level", Kind.TEXT, "high, low, unknown or none."),
        Property("feeling_level", Kind.TEXT, "warm, neutral, cold or unknown."),
        Property("activity_level", Kind.TEXT, "active or quiet."),
        Property(
            "churn_signals",
            Kind.TEXTS,
            "Signs that the person may leave.",
            measure=Measure.PRESENCE,
        ),
        Property("is_employee", Kind.BOOLEAN, "Whether the person works for a brand."),
        Property("is_ambassador", Kind.BOOLEAN, "Whether the person speaks for one of our brands."),
        Property("is_detractor", Kind.BOOLEAN, "Whether the person speaks against one of them."),
        Property("loyalty_points_count", Kind.INTEGER, "Balance of loyalty points."),
        Property("loyalty_tier", Kind.TEXT, "Tier of the person's loyalty card."),
        Property("first_seen_at", Kind.INSTANT, "First sign of the person in any source."),
        Property("last_seen_at", Kind.INSTANT, "Last sign of the person in any source."),
    ),
)

ACCOUNT = Node(
    label="Account",
    description="One profile on one source: a customer's, a brand's or a robot's.",
    table="dim_accounts",
    key=Property("account_key", Kind.TEXT, "Surrogate key."),
    properties=(
        Property("source", Kind.TEXT, "Source, as declared in the sources file."),
        Property("channel", Kind.TEXT, "Medium."),
        Property("account_id", Kind.TEXT, "Id in its source.", is_indexed=True),
        Property("handle", Kind.TEXT, "Name it is addressed by.", is_indexed=True),
        Property("display_name", Kind.TEXT, "Name shown."),
        Property("brand", Kind.TEXT, "Brand it speaks for; null for everyone else's."),
        Property("department", Kind.TEXT, "Department that answers from it."),
        Property("is_brand", Kind.BOOLEAN, "Whether it speaks for a brand."),
        Property("is_automated", Kind.BOOLEAN, "Whether a program writes there."),
        Property("followers_count", Kind.INTEGER, "Followers; null where not known."),
        Property("posts_count", Kind.INTEGER, "Posts captured.", measure=Measure.TOTAL),
        Property("first_post_at", Kind.INSTANT, "Time of the first post captured."),
        Property("last_post_at", Kind.INSTANT, "Time of the last post captured."),
        Property(
            "page_rank_score",
            Kind.NUMBER,
            "PageRank on amplifier to author ties, weighted; sums to 1 over accounts with one.",
            measure=Measure.TOTAL,
        ),
        Property("core_number", Kind.INTEGER, "Largest k of the k-cores it is in."),
        Property("betweenness_score", Kind.NUMBER, "Share of shortest paths that cross it."),
        Property("community_id", Kind.TEXT, "Community found by Leiden.", is_indexed=True),
        Property("cascades_started_count", Kind.INTEGER, "Posts of its own that others spread."),
    ),
)

POST = Node(
    label="Post",
    description="One message as it stands now: post, reply, repost, direct message.",
    table="fct_posts",
    key=Property("post_key", Kind.TEXT, "Surrogate key."),
    properties=(
        Property("source", Kind.TEXT, "Source, as declared in the sources file."),
        Property("channel", Kind.TEXT, "Medium."),
        Property("post_id", Kind.TEXT, "Id in its source.", is_indexed=True),
        Property("section", Kind.TEXT, "Forum or board inside the source."),
        Property(
            "text",
            Kind.TEXT,
            "Text without personal data; null once deleted.",
            measure=Measure.PRESENCE,
        ),
        Property("language", Kind.TEXT, "Language of the text, ISO 639-1."),
        Property(
            "sentiment_label",
            Kind.TEXT,
            "negative, neutral or positive; null where not known.",
            measure=Measure.PRESENCE,
        ),
        Property("sentiment_score", Kind.NUMBER, "Probability of the label."),
        Property("emotion_label", Kind.TEXT, "Emotion of the text."),
        Property("intents", Kind.TEXTS, "What the author wants; null where not known."),
        Property("is_question", Kind.BOOLEAN, "Whether question is among the intents."),
        Property("is_repost", Kind.BOOLEAN, "Whether it repeats a post unchanged."),
        Property("is_brand", Kind.BOOLEAN, "Whether a brand's account wrote it."),
        Property("is_employee", Kind.BOOLEAN, "Whether an employee wrote it in their own name."),
        Property("is_peer_answer", Kind.BOOLEAN, "Whether it answers a question of a customer."),
        Property("is_inbound", Kind.BOOLEAN, "Whether a customer wrote it to a brand."),
        Property("is_automated", Kind.BOOLEAN, "Whether a program wrote it."),
        Property("is_private", Kind.BOOLEAN, "Whether it is a direct message."),
        Property("is_deleted", Kind.BOOLEAN, "Whether it was taken away."),
        Property("is_withheld", Kind.BOOLEAN, "Whether the platform hides it in some country."),
        Property("has_captured_parent", Kind.BOOLEAN, "Whether the post it answers is here too."),
        Property("like_count", Kind.INTEGER, "Likes, or the score of a forum post."),
        Property("repost_count", Kind.INTEGER, "Reposts, as the source counts them."),
        Property("reply_count", Kind.INTEGER, "Replies, as the source counts them."),
        Property("view_count", Kind.INTEGER, "Views."),
        Property("versions_count", Kind.INTEGER, "Versions captured.", measure=Measure.TOTAL),
        Property("created_at", Kind.INSTANT, "When it was written.", is_indexed=True),
        Property("edited_at", Kind.INSTANT, "When it was last edited."),
        Property("annotation_version", Kind.TEXT, "Version of the models that read the text."),
        Property("file", Kind.TEXT, "File of the version shown, below the landing folder."),
        Property("position", Kind.INTEGER, "Line in that file."),
        Property("item", Kind.TEXT, "JSON pointer inside the line; null where it is the line."),
    ),
)

CONVERSATION = Node(
    label="Conversation",
    description="Messages between one customer and one brand account without a long gap.",
    table="fct_conversations",
    key=Property("conversation_key", Kind.TEXT, "Surrogate key."),
    properties=(
        Property("source", Kind.TEXT, "Source, as declared in the sources file."),
        Property("channel", Kind.TEXT, "Medium."),
        Property("brand", Kind.TEXT, "Brand spoken with."),
        Property("started_at", Kind.INSTANT, "First message.", is_indexed=True),
        Property("last_message_at", Kind.INSTANT, "Last message."),
        Property("messages_count", Kind.INTEGER, "Messages.", measure=Measure.TOTAL),
        Property("customer_messages_count", Kind.INTEGER, "Messages of the customer."),
        Property("brand_messages_count", Kind.INTEGER, "Messages of the brand."),
        Property("turns_count", Kind.INTEGER, "Runs of customer messages.", measure=Measure.TOTAL),
        Property("answered_turns_count", Kind.INTEGER, "Turns that a human of the brand answered."),
        Property("is_answered", Kind.BOOLEAN, "Whether a human of the brand ever answered."),
        Property("is_waiting", Kind.BOOLEAN, "Whether the customer's last word has no answer."),
        Property(
            "first_response_seconds",
            Kind.NUMBER,
            "Calendar seconds from the first message to the first human reply; null without one.",
            measure=Measure.TOTAL,
        ),
        Property("first_sentiment_label", Kind.TEXT, "Sentiment of the customer's first message."),
        Property("last_sentiment_label", Kind.TEXT, "Sentiment of the customer's last message."),
        Property("is_public", Kind.BOOLEAN, "Whether others could read it."),
    ),
)

TOPIC = Node(
    label="Topic",
    description="What posts are about: hashtag, section, product, or what was found in texts.",
    table="dim_topics",
    key=Property("topic_key", Kind.TEXT, "Surrogate key."),
    properties=(
        Property("topic_id", Kind.TEXT, "Kind and name, such as hashtag:sale.", is_indexed=True),
        Property("topic_kind", Kind.TEXT, "hashtag, section, product or learnt."),
        Property("label", Kind.TEXT, "Name shown."),
        Property("posts_count", Kind.INTEGER, "Posts about it.", measure=Measure.TOTAL),
    ),
)

NODES: tuple[Node, ...] = (BRAND, PERSON, ACCOUNT, CONVERSATION, TOPIC, POST)
