"""What a company knows of its customers: who they are, what they bought, said and allowed."""

from __future__ import annotations

from spark_jobs.tables.bronze_record import record_table
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
    SignBy,
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

CUSTOMERS = record_table(
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

ORDERS = record_table(
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

ORDER_LINES = record_table(
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

SURVEYS = record_table(
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

LOYALTY = record_table(
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

CONSENTS = record_table(
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

IDENTITY_DECISIONS = record_table(
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
