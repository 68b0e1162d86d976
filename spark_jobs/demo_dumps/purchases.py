"""What customers buy, answer and collect: orders, their lines, survey answers, loyalty movements.

Plain records in the order of customers; the CSV files are ``deliveries.crm_tables``. Spending is
uneven as in shops: rates differ by customer and some customers stop for good.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from spark_jobs.demo_dumps import company
from spark_jobs.demo_dumps.clock import DAY, HOUR, from_local
from spark_jobs.demo_dumps.company import Product, products_of
from spark_jobs.demo_dumps.messages import Messages
from spark_jobs.demo_dumps.personal_data import written_phone
from spark_jobs.demo_dumps.phrases import LANGUAGES
from spark_jobs.demo_dumps.records import CustomerRow, Person
from spark_jobs.demo_dumps.streams import pick, stream

HISTORY_DAYS = 540
_MEANS = (
    ("customer_id", 0.76),
    ("same_email", 0.1),
    ("same_loyalty_card", 0.08),
    ("same_phone", 0.03),
    ("none", 0.03),
)
_POINTS_PER_VOUCHER = 500
_STRAY_LINES = 0.006
_PLAN_KINDS = ("box", "mobile", "repeater", "television")


@dataclass(frozen=True, slots=True)
class Order:
    """An order, with its state at first and at last, and how its buyer can be found."""

    order_id: str
    person_id: str
    found_by: str
    customer_id: str
    email: str
    phone: str
    loyalty_card_id: str
    brand: str
    sales_channel: str
    status: str
    currency: str
    amount: float
    product_ids: tuple[str, ...]
    ordered_at: int
    updated_at: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an order: one product, how many of it, its list price and what was paid.

    One without an order belongs to an order that the shop has put away.
    """

    order_id: str
    line_id: str
    product: Product
    quantity: int
    currency: str
    amount: float
    ordered_at: int
    has_order: bool = True


def lines_of(order: Order) -> Iterator[Line]:
    """The lines of an order, one a product; their amounts are the order's, to the cent."""
    products = {product.product_id: product for product in products_of(order.brand)}
    quantities = Counter(order.product_ids)
    prices = {name: products[name].price * count for name, count in quantities.items()}
    listed, left = sum(prices.values()), round(order.amount * 100)
    for number, (name, quantity) in enumerate(quantities.items(), 1):
        is_last = number == len(quantities)
        cents = left if is_last else round(order.amount * 100 * prices[name] / listed)
        left -= cents
        yield Line(
            order_id=order.order_id,
            line_id=str(number),
            product=products[name],
            quantity=quantity,
            currency=order.currency,
            amount=cents / 100,
            ordered_at=order.ordered_at,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """A survey answer."""

    response_id: str
    survey_id: str
    person_id: str
    language: str
    customer_id: str
    email: str
    order_id: str
    brand: str
    score: int
    comment: str
    answered_at: int

    @property
    def sentiment(self) -> str:
        """What the comment says, by the score it explains."""
        return _feeling(self.score)


@dataclass(frozen=True, slots=True)
class Movement:
    """A movement of loyalty points."""

    movement_id: str
    loyalty_card_id: str
    customer_id: str
    order_id: str
    kind: str
    points: int
    moved_at: int


def _feeling(score: int) -> str:
    """Promoter, passive or detractor, as a sentiment."""
    return "positive" if score >= 9 else "neutral" if score >= 7 else "negative"


class Purchases:
    """Draws everything that one person has in the CRM beside their customer rows."""

    def __init__(self, seed: int, end: int) -> None:
        self._source = stream(seed, "purchases")
        self._stray = stream(seed, "purchases:stray")
        self._end = end
        self._messages = {
            language: Messages(stream(seed, f"surveys:{language}"), language)
            for language in LANGUAGES
        }
        self._orders = 70_000_000
        self._answers = 0
        self._movements = 0

    def of(self, person: Person) -> Iterator[Order | Line | Answer | Movement]:
        """Orders, answers and movements of a person, each after what it belongs to.

        Lines are those without an order alone; the others are `lines_of` their order.
        """
        for brand in person.brands:
            if person.rows:
                yield from self._of_brand(person, brand)

    def _of_brand(self, person: Person, brand: str) -> Iterator[Order | Line | Answer | Movement]:
        source = self._source
        is_shop = brand == company.BRINDILLE
        rate = source.gammavariate(0.9, 4.6 if is_shop else 1.1) / HISTORY_DAYS
        day = -HISTORY_DAYS + source.random() * 300
        balance = 0
        while day < 0:
            order = self._order(person, brand, day)
            yield order
            if self._stray.random() < _STRAY_LINES:
                line = next(lines_of(order))
                yield replace(line, order_id=f"{line.order_id}-OLD", has_order=False)
            card = pick(source, person.rows).loyalty_card_id if is_shop else ""
            if card and order.status not in ("cancelled", "returned"):
                balance += int(order.amount)
                yield self._movement(card, order, "earn", int(order.amount), DAY)
                if balance >= _POINTS_PER_VOUCHER and source.random() < 0.5:
                    balance -= _POINTS_PER_VOUCHER
                    yield self._movement(card, order, "redeem", -_POINTS_PER_VOUCHER, 9 * DAY)
                elif source.random() < 0.03:
                    yield self._movement(card, order, "adjust", source.choice((-50, 100)), 2 * DAY)
                elif balance > 60 and source.random() < 0.03:
                    balance -= 60
                    yield self._movement(card, order, "expire", -60, 20 * DAY)
            if source.random() < 0.2:
                yield from self._answer(person, brand, order)
            if source.random() < 0.06:
                break
            day += source.expovariate(max(rate, 1 / (6 * HISTORY_DAYS)))
        if not is_shop and source.random() < 0.3:
            yield from self._answer(person, brand, None)

    def _row(self, person: Person) -> CustomerRow:
        return person.rows[0] if self._source.random() < 0.8 else pick(self._source, person.rows)

    def _moment(self, day: float) -> int:
        """A moment in opening hours of shops and late evenings of the web."""
        start = self._end // DAY * DAY + int(day // 1) * DAY
        return from_local(start + 8 * HOUR + int(self._source.triangular(0, 15, 9) * HOUR))

    def _found_by(self, row: CustomerRow) -> str:
        draw = self._source.random()
        means = "none"
        for candidate, share in _MEANS:
            draw -= share
            if draw < 0:
                means = candidate
                break
        if means == "same_loyalty_card" and not row.loyalty_card_id:
            return "customer_id"
        if means == "same_phone" and not row.phone:
            return "none"
        return means

    def _order(self, person: Person, brand: str, day: float) -> Order:
        source = self._source
        self._orders += source.randint(1, 4)
        row = self._row(person)
        means = self._found_by(row)
        kinds = _PLAN_KINDS if brand == company.ONDEA else company.GOODS
        size = 1 if brand == company.ONDEA else 1 + min(int(source.expovariate(0.9)), 6)
        bought = [pick(source, products_of(brand, (pick(source, kinds),))) for _ in range(size)]
        ordered_at = min(self._moment(day), self._end - HOUR)
        status = source.choices(("delivered", "returned", "cancelled"), weights=(0.87, 0.07, 0.06))[
            0
        ]
        updated_at = ordered_at + int((1 + source.random() * 9) * DAY)
        if updated_at >= self._end:
            updated_at, status = ordered_at, "placed"
        phone = written_phone(source, person.country, row.phone) if row.phone else ""
        shows = means == "customer_id"
        in_store = means == "same_loyalty_card"
        return Order(
            order_id=f"O{self._orders}",
            person_id=person.person_id,
            found_by=means,
            customer_id=row.customer_id if shows else "",
            email=row.email if means in ("customer_id", "same_email") else "",
            phone=phone if means in ("customer_id", "same_phone") else "",
            loyalty_card_id=row.loyalty_card_id
            if brand == company.BRINDILLE and (in_store or (shows and source.random() < 0.6))
            else "",
            brand=brand,
            sales_channel="store"
            if in_store or means == "none"
            else source.choices(("web", "store", "phone"), weights=(0.68, 0.24, 0.08))[0],
            status=status,
            # The shop sells abroad in the currency of the country.
            currency="GBP" if brand == company.BRINDILLE and person.country == "GB" else "EUR",
            amount=round(sum(product.price for product in bought) * source.uniform(0.8, 1.1), 2),
            product_ids=tuple(product.product_id for product in bought),
            ordered_at=ordered_at,
            updated_at=updated_at,
        )

    def _movement(self, card: str, order: Order, kind: str, points: int, after: int) -> Movement:
        self._movements += 1
        return Movement(
            movement_id=f"M{self._movements:09d}",
            loyalty_card_id=card,
            customer_id=order.customer_id,
            order_id=order.order_id if kind in ("earn", "redeem") else "",
            kind=kind,
            points=points,
            moved_at=min(order.updated_at + after, self._end - 1),
        )

    def _answer(self, person: Person, brand: str, order: Order | None) -> Iterator[Answer]:
        source = self._source
        moment = (
            order.updated_at + int((2 + source.random() * 12) * DAY)
            if order
            else self._moment(-1 - source.random() * 120)
        )
        if moment >= self._end:
            return
        content = person.content.get(brand, 0.5)
        score = min(max(round(source.gauss(3.2 + content * 8.5, 1.4)), 0), 10)
        self._answers += 1
        words = self._messages[person.language]
        feeling = _feeling(score)
        comment = ""
        if source.random() < 0.6:
            comment = words.simple(
                f"survey_{feeling}",
                person.style,
                feeling,
                (),
                brand,
                more="" if feeling == "neutral" else f"close_{feeling}",
            ).text
        row = self._row(person)
        yield Answer(
            response_id=f"R{self._answers:08d}",
            survey_id="after_purchase" if order else "relation",
            person_id=person.person_id,
            language=person.language,
            customer_id=row.customer_id if source.random() < 0.85 else "",
            email=row.email,
            order_id=order.order_id if order else "",
            brand=brand,
            score=score,
            comment=comment,
            answered_at=moment,
        )
