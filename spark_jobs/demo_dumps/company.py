"""The invented company: brands, products, the accounts that speak for it, its sources file.

Who its customers are belongs in ``population``; what people say of it in ``vocabulary``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from spark_jobs.demo_dumps.records import Account

ONDEA = "Ondéa"
BRINDILLE = "Brindille"
FLUXO = "Fluxo"
TIME_ZONE = "Europe/Paris"


@dataclass(frozen=True)
class Product:
    """A product: ``name`` is the same in both languages, the noun before or after it is not."""

    brand: str
    product_id: str
    name: str
    kind: str
    french_noun: str
    french_gender: str
    english_noun: str
    price: float


@dataclass(frozen=True)
class Service:
    """How a brand answers: opening hours (local), typical delay and how often it answers."""

    opens_hour: int
    closes_hour: int
    weekdays: int
    median_minutes: float
    answer_rate: float


@dataclass(frozen=True)
class Brand:
    """A brand, its service and the hashtags people use for it."""

    name: str
    kind: str
    aliases: tuple[str, ...]
    hashtag: str
    service: Service
    is_competitor: bool = False


@dataclass(frozen=True)
class Desk:
    """An account that speaks for a brand on one source."""

    source: str
    account_id: str
    handle: str
    display_name: str
    brand: str
    department: str
    followers_count: int
    is_automated: bool = False


BRANDS = (
    Brand(ONDEA, "operator", ("Ondea", "Ondéa Mobile"), "Ondéa", Service(8, 20, 6, 34, 0.88)),
    Brand(BRINDILLE, "shop", ("Brindille Maison",), "Brindille", Service(9, 18, 5, 150, 0.78)),
    Brand(FLUXO, "operator", ("Fluxo Telecom",), "Fluxo", Service(9, 19, 6, 55, 0.62), True),
)
BRANDS_BY_NAME = {brand.name: brand for brand in BRANDS}

PRODUCTS = (
    Product(ONDEA, "OND-BX1", "Box Ciel", "box", "", "f", "", 34.99),
    Product(ONDEA, "OND-BX2", "Box Horizon", "box", "", "f", "", 44.99),
    Product(ONDEA, "OND-RP1", "Mousse", "repeater", "répéteur", "m", "repeater", 49.0),
    Product(ONDEA, "OND-TV1", "Lagune", "television", "décodeur", "m", "TV box", 59.0),
    Product(ONDEA, "OND-MB1", "Galet", "mobile", "forfait", "m", "plan", 9.99),
    Product(ONDEA, "OND-MB2", "Marée", "mobile", "forfait", "m", "plan", 19.99),
    Product(ONDEA, "OND-MB3", "Grand Large", "mobile", "forfait", "m", "plan", 29.99),
    Product(ONDEA, "OND-AP1", "Mon Ondéa", "application", "appli", "f", "app", 0.0),
    Product(FLUXO, "FLX-BX1", "Fluxo Max", "box", "box", "f", "box", 29.99),
    Product(FLUXO, "FLX-MB1", "Fluxo 100", "mobile", "forfait", "m", "plan", 14.99),
    Product(FLUXO, "FLX-TV1", "Fluxo Play", "television", "décodeur", "m", "TV box", 39.0),
    Product(FLUXO, "FLX-AP1", "Fluxo et Moi", "application", "appli", "f", "app", 0.0),
    Product(FLUXO, "FLX-RP1", "Fluxo Echo", "repeater", "répéteur", "m", "repeater", 45.0),
    Product(BRINDILLE, "BRI-0101", "Faucheline", "tool", "tondeuse", "f", "mower", 249.0),
    Product(BRINDILLE, "BRI-0102", "Véloce", "tool", "taille-haie", "m", "hedge trimmer", 119.0),
    Product(BRINDILLE, "BRI-0103", "Pic-Vert", "tool", "perceuse", "f", "drill", 79.9),
    Product(
        BRINDILLE, "BRI-0201", "Tilleul", "furniture", "salon de jardin", "m", "patio set", 399
    ),
    Product(
        BRINDILLE, "BRI-0202", "Noisetier", "furniture", "bibliothèque", "f", "bookcase", 159.0
    ),
    Product(BRINDILLE, "BRI-0203", "Rosée", "furniture", "serre", "f", "greenhouse", 189.0),
    Product(BRINDILLE, "BRI-0204", "Zénith", "furniture", "parasol", "m", "parasol", 129.0),
    Product(BRINDILLE, "BRI-0205", "Cabanon", "furniture", "coffre", "m", "storage box", 89.0),
    Product(BRINDILLE, "BRI-0301", "Aurore", "plant", "rosier", "m", "rose bush", 18.9),
    Product(BRINDILLE, "BRI-0302", "Petit Sud", "plant", "olivier", "m", "olive tree", 45.0),
    Product(BRINDILLE, "BRI-0303", "Mistigri", "plant", "lavande", "f", "lavender", 7.5),
    Product(BRINDILLE, "BRI-0304", "Cascade", "plant", "glycine", "f", "wisteria", 24.9),
    Product(BRINDILLE, "BRI-0401", "Humus", "garden", "composteur", "m", "composter", 69.0),
    Product(BRINDILLE, "BRI-0402", "Braséo", "outdoor", "plancha", "f", "grill", 139.0),
    Product(BRINDILLE, "BRI-0501", "Lin Clair", "home", "peinture", "f", "paint", 34.5),
    Product(BRINDILLE, "BRI-0502", "Calcaire", "home", "enduit", "m", "plaster", 22.0),
    Product(BRINDILLE, "BRI-0503", "Veilleuse", "lighting", "lampe", "f", "lamp", 29.9),
    Product(BRINDILLE, "BRI-0601", "Feuille", "loyalty", "carte", "f", "card", 0.0),
)


GOODS = ("tool", "furniture", "plant", "garden", "home", "outdoor", "lighting")
"""Kinds of product that a shop delivers, unlike contracts and cards."""


def products_of(brand: str, kinds: tuple[str, ...] = ()) -> tuple[Product, ...]:
    """Products of a brand, of the given kinds; of any kind where none is given."""
    return tuple(
        product
        for product in PRODUCTS
        if product.brand == brand and (not kinds or product.kind in kinds)
    )


SUPPORT, COMMUNICATION = "support", "communication"

DESKS = (
    Desk("x", "8810000001", "OndeaAide", "Ondéa Aide", ONDEA, SUPPORT, 48_200),
    Desk("x", "8810000002", "Ondea_FR", "Ondéa", ONDEA, COMMUNICATION, 212_000),
    Desk("x", "8810000003", "OndeaReseau", "Ondéa Réseau", ONDEA, SUPPORT, 31_500, True),
    Desk("x", "8810000011", "BrindilleSAV", "Brindille à votre écoute", BRINDILLE, SUPPORT, 12_400),
    Desk("x", "8810000012", "BrindilleMaison", "Brindille", BRINDILLE, COMMUNICATION, 96_300),
    Desk("x", "8810000021", "FluxoService", "Fluxo Service", FLUXO, SUPPORT, 65_100),
    Desk("x", "8810000022", "FluxoTelecom", "Fluxo", FLUXO, COMMUNICATION, 310_000),
    Desk("customer_care", "OndeaAide", "OndeaAide", "Ondéa Aide", ONDEA, SUPPORT, 0),
    Desk("customer_care", "BrindilleSAV", "BrindilleSAV", "Brindille", BRINDILLE, SUPPORT, 0),
    Desk("reddit", "Ondea_Equipe", "Ondea_Equipe", "Ondea_Equipe", ONDEA, SUPPORT, 0),
    Desk("reddit", "Brindille_Officiel", "Brindille_Officiel", "", BRINDILLE, COMMUNICATION, 0),
)

COUNTRY = "FR"
"""Where the CRM's phone numbers are from when they do not say."""

CURRENCY_RATES = (("GBP", "2024-01-01", "1.16"), ("GBP", "2026-01-01", "1.14"))
"""Currency, first day, and euros for one of it: what the invented company books at."""

_SOURCES = (
    ("x", "x_api_v2", "x/**/*.jsonl", "x", "UTC"),
    ("customer_care", "customer_care", "customer_care/**/*.csv", "x", "UTC"),
    ("reddit", "reddit", "reddit/**/*.ndjson", "reddit", "UTC"),
    ("crm_customers", "mapping", "crm/customers/**/*.csv", "crm", TIME_ZONE),
    ("crm_orders", "mapping", "crm/orders/**/*.csv", "crm", TIME_ZONE),
    ("crm_order_lines", "mapping", "crm/order_lines/**/*.csv", "crm", TIME_ZONE),
    ("crm_surveys", "mapping", "crm/surveys/**/*.csv", "survey", TIME_ZONE),
    ("crm_loyalty", "mapping", "crm/loyalty/**/*.csv", "crm", TIME_ZONE),
    ("crm_consents", "mapping", "crm/consents/**/*.csv", "crm", TIME_ZONE),
)


def sources_document(employees: Sequence[Account] = ()) -> dict[str, Any]:
    """The demo's sources file as plain data, in the shape of ``spark_jobs.sources.Sources``.

    ``employees`` are the accounts of people who work for a brand.
    """
    return {
        "brands": [
            {
                "name": brand.name,
                "aliases": list(brand.aliases),
                "products": [product.name for product in products_of(brand.name)],
                "is_competitor": brand.is_competitor,
            }
            for brand in BRANDS
        ],
        "currency_rates": [
            {
                "currency": currency,
                "in_currency": "EUR",
                "valid_from": valid_from,
                "rate": rate,
                "origin": "accounts",
            }
            for currency, valid_from, rate in CURRENCY_RATES
        ],
        "sources": [
            {
                "name": name,
                "adapter": adapter,
                "glob": glob,
                "channel": channel,
                "time_zone": zone,
                "country": COUNTRY if name.startswith("crm_") else None,
                "mapping": name if adapter == "mapping" else None,
                "brand_accounts": [
                    {
                        "account": desk.handle,
                        "brand": desk.brand,
                        "department": desk.department,
                        "is_automated": desk.is_automated,
                    }
                    for desk in DESKS
                    if desk.source == name
                ],
            }
            for name, adapter, glob, channel, zone in _SOURCES
        ],
        "employees": [
            {
                "source": account.source,
                "account": account.account_id,
                "brand": account.person.employer,
            }
            for account in employees
            if account.person
        ],
    }


def write_sources(path: Path, employees: Sequence[Account]) -> None:
    """Write the demo's sources file."""
    path.write_text(
        "# The demo's sources: made by spark_jobs.demo_dumps.\n"
        + yaml.safe_dump(
            sources_document(employees), allow_unicode=True, sort_keys=False, width=100
        ),
        encoding="utf-8",
    )
