"""One person under several names: accounts on several sources, CRM rows, and what joins them.

Every join is recorded as a ``Link`` with the means by which it can be found, exact (a declared
handle, the same e-mail, the same loyalty card) or fuzzy (a like name), or not at all.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from spark_jobs.demo_dumps import company
from spark_jobs.demo_dumps.clock import DAY
from spark_jobs.demo_dumps.names import plain
from spark_jobs.demo_dumps.phrases import vocabulary
from spark_jobs.demo_dumps.records import Account, CustomerRow, Link, Person
from spark_jobs.demo_dumps.streams import pick

_PRESENCE = (("x", 0.58), ("reddit", 0.42), ("customer_care", 0.36))
_SILENT_SHARE = 0.5


class AccountMaker:
    """Opens accounts, each with an id and a handle that nobody else on that source has."""

    def __init__(self, source: random.Random, start: int) -> None:
        self._source = source
        self._start = start
        self._taken: set[tuple[str, str]] = set()
        self._care_id = 115_700
        self._x_id = 1_000_000_000_000_000

    def _handle(self, site: str, wanted: str) -> str:
        """``wanted`` or, where it is taken, ``wanted`` with digits; at most 15 signs."""
        handle = wanted[:15]
        while (site, handle.lower()) in self._taken:
            handle = wanted[:11] + str(self._source.randint(10, 9999))
        self._taken.add((site, handle.lower()))
        return handle

    def _wanted(self, person: Person) -> tuple[str, bool]:
        """A handle, and whether it shows the person's name."""
        source = self._source
        first, last = plain(person.first_name), plain(person.last_name)
        if source.random() < 0.4:
            shape = pick(source, ("{0}{1}", "{0}_{1}", "{0}{1[0]}{2}", "{1}{0[0]}"))
            return shape.format(first or "x", last or "x", source.randint(1, 99)), True
        words = vocabulary(person.language)
        first_word, second_word = (words.one_of(source, "nicknames", {}) for _ in range(2))
        return f"{first_word}{pick(source, ('', '_'))}{second_word}", False

    def _account(self, person: Person, site: str, wanted: str, shows_name: bool) -> Account:
        source = self._source
        full_name = f"{person.first_name} {person.last_name}"
        opened = self._start - int(source.random() * 2_500 * DAY) - DAY
        if site == "customer_care":
            self._care_id += source.randint(1, 3)
            account_id = handle = str(self._care_id)
        elif site == "reddit":
            account_id = handle = self._handle(site, wanted)
        else:
            handle = self._handle(site, wanted)
            self._x_id += source.randint(1_000_000, 9_000_000)
            account_id = str(self._x_id)
        influence = 900.0 if person.role == "influencer" else 6.0 if person.role == "helper" else 1
        employer = person.employer
        description = vocabulary(person.language).one_of(
            source, "employee_bios" if employer else "bios", {"brand": employer or ""}
        )
        return Account(
            source=site,
            account_id=account_id,
            handle=handle,
            display_name=full_name if shows_name else wanted.replace("_", " ").title(),
            language=person.language,
            created_at=opened,
            person_id=person.person_id,
            description=description,
            location=person.city if source.random() < 0.5 else "",
            followers_count=int(influence * 35 * source.paretovariate(0.95)) % 900_000,
            following_count=int(40 + source.paretovariate(0.8) * 60) % 5_000,
            posts_count=int(person.activity * source.randint(5, 400)),
            person=person,
        )

    def open_accounts(self, person: Person) -> list[Link]:
        """Open a person's accounts; return how those on two sites can be found to be one."""
        source = self._source
        sites = [site for site, share in _PRESENCE if source.random() < share]
        if not sites and source.random() > _SILENT_SHARE:
            sites = [pick(source, ("x", "reddit", "customer_care"))]
        if person.role in ("helper", "influencer", "employee", "newcomer", "spammer"):
            sites = ["x", "reddit"] if person.role != "influencer" else ["x"]
            if person.role in ("newcomer", "spammer"):
                sites = [pick(source, ("x", "x", "reddit"))]
        wanted, shows_name = self._wanted(person)
        links: list[Link] = []
        first: Account | None = None
        for site in sites:
            same = site == sites[0] or source.random() < 0.55
            if not same:
                wanted, shows_name = self._wanted(person)
            account = self._account(person, site, wanted, shows_name)
            person.accounts[site] = account
            if first is not None:
                alike = same and site != "customer_care" and first.handle == account.handle
                links.append(
                    Link(
                        person.person_id,
                        first.source,
                        first.account_id,
                        site,
                        account.account_id,
                        "same_username" if alike else "none",
                        False,
                    )
                )
            first = first or account
        return links


def _misspelt(source: random.Random, name: str) -> str:
    """A name with one letter doubled or dropped."""
    position = source.randrange(1, len(name)) if len(name) > 1 else 0
    if source.random() < 0.5:
        return name[:position] + name[position - 1 : position] + name[position:]
    return name[:position] + name[position + 1 :]


def _written_handle(source: random.Random, account: Account) -> str:
    """A handle as somebody fills it into a form."""
    prefix = {"x": "@", "reddit": "u/"}.get(account.source, "")
    handle = account.handle if source.random() < 0.6 else account.handle.lower()
    return prefix + handle if prefix and source.random() < 0.35 else handle


def join_crm(
    source: random.Random,
    person: Person,
    new_email: Callable[[str, str], str],
    earliest: int,
    latest: int,
) -> list[Link]:
    """Give a person their CRM rows, if they are in the CRM; return what joins them to the rest."""
    if company.FLUXO in person.brands or source.random() > 0.92:
        return []
    created = earliest + int(source.random() * (latest - earliest))
    row = CustomerRow(
        customer_id=f"C{int(person.person_id[1:]) * 7 + 100_003}",
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        phone=person.phone,
        street=person.street,
        created_at=created,
        updated_at=created + int(source.random() * 40 * DAY),
    )
    if company.BRINDILLE in person.brands and source.random() < 0.72:
        row.loyalty_card_id = f"29{int(person.person_id[1:]) * 3 + 4_000_000:010d}"
    person.rows.append(row)
    links: list[Link] = []
    for site, account in person.accounts.items():
        shows_name = account.display_name == f"{person.first_name} {person.last_name}"
        is_likely = site != "customer_care" and shows_name and account.location
        means = "name_and_city" if is_likely else "none"
        if source.random() < 0.45:
            row.handles[site] = _written_handle(source, account)
            means = "declared_handle"
        links.append(
            Link(
                person.person_id,
                "crm",
                row.customer_id,
                site,
                account.account_id,
                means,
                means == "declared_handle",
            )
        )
    if source.random() < 0.06:
        links.append(_second_row(source, person, row, new_email))
    return links


def _second_row(
    source: random.Random,
    person: Person,
    row: CustomerRow,
    new_email: Callable[[str, str], str],
) -> Link:
    """A second CRM row of one person, joined by e-mail, by card, or by likeness only."""
    means = pick(source, ("same_email", "same_loyalty_card", "same_name_and_address"))
    if means == "same_loyalty_card" and not row.loyalty_card_id:
        means = "same_email"
    twin = CustomerRow(
        customer_id=row.customer_id + "9",
        first_name=person.first_name,
        last_name=person.last_name,
        email=row.email.upper() if source.random() < 0.4 else row.email,
        phone=row.phone,
        street=row.street,
        created_at=row.created_at + 30 * DAY,
        updated_at=row.created_at + 34 * DAY,
    )
    if means != "same_email":
        twin.email = new_email(person.first_name, person.last_name)
        twin.phone = ""
    if means == "same_loyalty_card":
        twin.loyalty_card_id = row.loyalty_card_id
    if means == "same_name_and_address":
        twin.last_name = _misspelt(source, person.last_name)
    person.rows.append(twin)
    return Link(
        person.person_id,
        "crm",
        row.customer_id,
        "crm",
        twin.customer_id,
        means,
        means != "same_name_and_address",
    )
