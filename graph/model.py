"""What is in the graph: every relationship, and with the nodes of ``graph.nodes`` the whole.

::

    (:Person)<-[:BELONGS_TO]-(:Account)-[:SPEAKS_FOR]->(:Brand)
                                  |
                                  |-[:WROTE]->(:Post)-[:REPLY_TO|REPOST_OF|QUOTES]->(:Post)
                                  |             |-[:ABOUT]->(:Topic)
                                  |             `-[:PART_OF]->(:Conversation)
                                  |
                                  `-[:HELD]->(:Conversation)-[:WITH]->(:Account of a brand)
                                                   `-[:OPENED_BY]->(:Post)

    (:Account)-[:REPLIED_TO|MENTIONED|AMPLIFIED|HELPED|INFLUENCES]->(:Account)

An arrow reads as a sentence: an account *wrote* a post that is a *reply to* a post; an account
*held* a conversation *with* a brand's account. Words are those of the measures' definitions. How
declarations look is ``graph.schema``; no other label or type is written by the loader, except
``Load``, the journal of loads (``graph.journal``).
"""

from __future__ import annotations

from graph.nodes import ACCOUNT, BRAND, CONVERSATION, NODES, PERSON, POST, TOPIC
from graph.schema import Element, Kind, Measure, Property, Relationship


def _between_accounts(
    relationship_type: str, description: str, weight: str, *more: Property
) -> Relationship:
    """A weighted tie from an account to another, summed over all its occasions."""
    return Relationship(
        type=relationship_type,
        description=description,
        table=f"edge_accounts__{relationship_type.lower()}",
        start=ACCOUNT,
        start_column="from_account_key",
        end=ACCOUNT,
        end_column="to_account_key",
        properties=(
            Property("weight", Kind.NUMBER, weight, measure=Measure.TOTAL),
            Property("interactions_count", Kind.INTEGER, "Occasions.", measure=Measure.TOTAL),
            Property("first_at", Kind.INSTANT, "First occasion."),
            Property("last_at", Kind.INSTANT, "Last occasion."),
            *more,
        ),
    )


def _between_posts(relationship_type: str, description: str, end_column: str) -> Relationship:
    return Relationship(
        type=relationship_type,
        description=description,
        table="fct_posts",
        start=POST,
        start_column="post_key",
        end=POST,
        end_column=end_column,
        absent_reason="the other post was never delivered",
    )


RELATIONSHIPS: tuple[Relationship, ...] = (
    Relationship(
        type="SPEAKS_FOR",
        description="The account is one of the brand's.",
        table="dim_accounts",
        start=ACCOUNT,
        start_column="account_key",
        end=BRAND,
        end_column="brand",
        end_identity="brand",
    ),
    Relationship(
        type="BELONGS_TO",
        description="The account is the person's; a brand's account belongs to nobody.",
        table="dim_accounts",
        start=ACCOUNT,
        start_column="account_key",
        end=PERSON,
        end_column="customer_key",
    ),
    Relationship(
        type="WROTE",
        description="The account is the post's author.",
        table="fct_posts",
        start=ACCOUNT,
        start_column="account_key",
        end=POST,
        end_column="post_key",
        unknown_reason="the source does not say who wrote the post",
    ),
    _between_posts("REPLY_TO", "The post answers the other.", "in_reply_to_post_key"),
    _between_posts("REPOST_OF", "The post repeats the other unchanged.", "repost_of_post_key"),
    _between_posts("QUOTES", "The post comments on the other.", "quoted_post_key"),
    Relationship(
        type="ABOUT",
        description="The post is about the topic.",
        table="bridge_post_topics",
        start=POST,
        start_column="post_key",
        end=TOPIC,
        end_column="topic_key",
    ),
    Relationship(
        type="PART_OF",
        description="The post is a message of the conversation.",
        table="fct_posts",
        start=POST,
        start_column="post_key",
        end=CONVERSATION,
        end_column="conversation_key",
    ),
    Relationship(
        type="HELD",
        description="The customer's account held the conversation, whoever began it.",
        table="fct_conversations",
        start=ACCOUNT,
        start_column="account_key",
        end=CONVERSATION,
        end_column="conversation_key",
    ),
    Relationship(
        type="WITH",
        description="The conversation was with the brand's account.",
        table="fct_conversations",
        start=CONVERSATION,
        start_column="conversation_key",
        end=ACCOUNT,
        end_column="brand_account_key",
    ),
    Relationship(
        type="OPENED_BY",
        description="The post is the conversation's first message.",
        table="fct_conversations",
        start=CONVERSATION,
        start_column="conversation_key",
        end=POST,
        end_column="first_post_key",
    ),
    _between_accounts("REPLIED_TO", "Answered posts of the other.", "Replies."),
    _between_accounts("MENTIONED", "Addressed the other by name.", "Mentions."),
    _between_accounts("AMPLIFIED", "Reposted or quoted the other.", "Reposts and quotes."),
    _between_accounts(
        "HELPED",
        "A customer answered questions of the other, a customer too.",
        "Answers.",
        Property(
            "thanked_count",
            Kind.INTEGER,
            "Answers that the asker thanked for.",
            measure=Measure.TOTAL,
        ),
    ),
    _between_accounts(
        "INFLUENCES",
        "The other took up posts of this account, and does not just serve it.",
        "Sum over occasions of their published weights: repost, quote, reply, mention.",
    ),
)

ELEMENTS: tuple[Element, ...] = (*NODES, *RELATIONSHIPS)
