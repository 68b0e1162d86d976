"""What people talk about: topics, the kind of brand and of product each belongs to.

The phrases of a topic are in ``vocabulary/``; a test holds the two together.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from spark_jobs.demo_dumps.company import BRANDS_BY_NAME, GOODS, Product, products_of
from spark_jobs.demo_dumps.streams import Weighted, pick


@dataclass(frozen=True)
class Topic:
    """A topic: ``trouble`` and ``curiosity`` weigh complaints and questions about it."""

    name: str
    kind: str
    product_kinds: tuple[str, ...]
    hashtags: tuple[str, ...]
    trouble: float = 1.0
    curiosity: float = 1.0

    @property
    def service(self) -> str:
        """The side of the company's service that the topic is about; empty for advice.

        What is wrong with a thing itself is ``QUALITY``, which a named product stands for.
        """
        return _SERVICES.get(self.name, "")


QUALITY = "quality"
_SERVICES = {
    **dict.fromkeys(("outage", "slow_connection", "wifi", "mobile_network"), "network"),
    **dict.fromkeys(("roaming", "sim_card"), "network"),
    **dict.fromkeys(("late_delivery", "damaged_parcel"), "delivery"),
    **dict.fromkeys(("price_rise", "promo_code"), "price"),
    **dict.fromkeys(("termination", "number_transfer"), "contract"),
    **dict.fromkeys(("missing_part", "assembly", "tool_fault", "dead_plant"), QUALITY),
    "television": QUALITY,
    "home_advice": QUALITY,
    "billing": "billing",
    "technician": "installation",
    "application": "app",
    "phone_support": "customer_service",
    "refund": "refund",
    "loyalty_points": "loyalty",
    "stock": "availability",
    "store_visit": "shop",
    "online_payment": "payment",
}


TOPICS = (
    Topic("outage", "operator", ("box",), ("panne", "fibre"), 1.4, 0.6),
    Topic("slow_connection", "operator", ("box",), ("fibre", "débit"), 1.6, 1.2),
    Topic("wifi", "operator", ("box", "repeater"), ("wifi",), 1.0, 1.5),
    Topic("billing", "operator", ("box", "mobile"), ("facture",), 1.5, 0.9),
    Topic("price_rise", "operator", ("box", "mobile"), ("prix",), 1.0, 0.5),
    Topic("mobile_network", "operator", ("mobile",), ("5G", "réseau"), 1.2, 0.8),
    Topic("sim_card", "operator", ("mobile",), ("eSIM",), 0.7, 1.4),
    Topic("roaming", "operator", ("mobile",), ("vacances", "roaming"), 0.6, 1.3),
    Topic("television", "operator", ("television",), ("TV",), 0.9, 1.1),
    Topic("technician", "operator", ("box",), ("fibre",), 1.3, 0.6),
    Topic("termination", "operator", ("box", "mobile"), ("résiliation",), 0.8, 0.8),
    Topic("application", "operator", ("application",), ("appli",), 0.8, 0.7),
    Topic("number_transfer", "operator", ("mobile",), ("portabilité",), 0.5, 0.9),
    Topic("phone_support", "operator", ("box", "mobile"), ("SAV",), 1.3, 0.2),
    Topic("late_delivery", "shop", GOODS, ("livraison",), 1.8, 0.9),
    Topic(
        "damaged_parcel",
        "shop",
        ("furniture", "lighting", "garden", "outdoor"),
        ("colis",),
        1.2,
        0.5,
    ),
    Topic("missing_part", "shop", ("furniture", "tool"), ("bricolage",), 0.9, 0.6),
    Topic("refund", "shop", GOODS, ("remboursement",), 1.3, 0.9),
    Topic("dead_plant", "shop", ("plant",), ("jardin", "plantes"), 0.9, 1.1),
    Topic("loyalty_points", "shop", ("loyalty",), ("fidélité",), 0.8, 0.8),
    Topic("promo_code", "shop", GOODS, ("bonplan",), 0.7, 0.9),
    Topic("stock", "shop", GOODS, ("stock",), 0.6, 1.1),
    Topic("assembly", "shop", ("furniture",), ("DIY",), 0.7, 1.4),
    Topic("tool_fault", "shop", ("tool",), ("bricolage",), 1.0, 1.2),
    Topic("store_visit", "shop", GOODS, ("magasin",), 0.7, 0.5),
    Topic("online_payment", "shop", GOODS, ("paiement",), 0.6, 0.6),
    Topic("garden_advice", "shop", ("plant", "garden"), ("jardinage", "potager"), 0.2, 1.8),
    Topic("home_advice", "shop", ("home",), ("déco", "peinture"), 0.2, 1.4),
)
TOPICS_BY_NAME = {topic.name: topic for topic in TOPICS}

_BY_KIND = {
    kind: tuple(topic for topic in TOPICS if topic.kind == kind) for kind in ("operator", "shop")
}
_TROUBLES = {
    kind: Weighted(topics, [topic.trouble for topic in topics]) for kind, topics in _BY_KIND.items()
}
_QUESTIONS = {
    kind: Weighted(topics, [topic.curiosity for topic in topics])
    for kind, topics in _BY_KIND.items()
}


def trouble(source: random.Random, brand: str) -> Topic:
    """A topic that customers of the brand complain about."""
    return _TROUBLES[BRANDS_BY_NAME[brand].kind].pick(source)


def curiosity(source: random.Random, brand: str) -> Topic:
    """A topic that customers of the brand ask about."""
    return _QUESTIONS[BRANDS_BY_NAME[brand].kind].pick(source)


def product_for(source: random.Random, brand: str, topic: Topic) -> Product:
    """A product of the brand that the topic is about."""
    return pick(source, products_of(brand, topic.product_kinds))
