"""Who there is: people, their accounts and CRM rows, and which of them are one person.

What people do is ``episodes`` and ``purchases``. A person's activity is heavy-tailed; strong
helpers, influencers, employees, spammers and the newcomers of the crisis are people with a role.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from spark_jobs.demo_dumps import company
from spark_jobs.demo_dumps.clock import DAY
from spark_jobs.demo_dumps.identities import AccountMaker, join_crm
from spark_jobs.demo_dumps.names import Names
from spark_jobs.demo_dumps.personal_data import PHONES_COUNT, phone
from spark_jobs.demo_dumps.records import Account, Link, Person
from spark_jobs.demo_dumps.streams import Weighted, pick, stream

PEOPLE_PER_POST = 0.155
_FEWEST_PEOPLE = 160
_ROLES = (
    ("helper", 0.012),
    ("influencer", 0.007),
    ("employee", 0.008),
    ("newcomer", 0.07),
    ("spammer", 0.006),
)
_STYLES = ("neat", "neat", "casual", "casual", "casual", "hasty", "hasty", "texting", "loud")
_FRENCH_SHARE = 0.6
SKILLS = {
    "operator": ("slow_connection", "wifi", "mobile_network", "sim_card", "television", "roaming"),
    "shop": ("garden_advice", "dead_plant", "tool_fault", "assembly", "home_advice"),
}


@dataclass
class Population:
    """Everybody, ready to be drawn from by source and language."""

    people: list[Person] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    desks: dict[tuple[str, str, str], Account] = field(default_factory=dict)
    automated: dict[tuple[str, str], Account] = field(default_factory=dict)
    writers: dict[tuple[str, str], Weighted[Account]] = field(default_factory=dict)
    readers: dict[str, Weighted[Account]] = field(default_factory=dict)
    helpers: dict[tuple[str, str, str], Weighted[Account]] = field(default_factory=dict)
    employees: dict[str, list[Account]] = field(default_factory=dict)
    newcomers: dict[str, list[Account]] = field(default_factory=dict)
    spammers: dict[str, list[Account]] = field(default_factory=dict)

    def desk(self, source: str, brand: str, department: str) -> Account | None:
        """The account that speaks for a brand there, if it has one."""
        return self.desks.get((source, brand, department))


def _role(source: random.Random) -> str:
    draw = source.random()
    for role, share in _ROLES:
        draw -= share
        if draw < 0:
            return role
    return "customer"


class _PersonMaker:
    """Makes people one after the other, each with numbers that nobody else has."""

    def __init__(self, source: random.Random, names: Names) -> None:
        self._source = source
        self._names = names
        self._phones = dict.fromkeys(PHONES_COUNT, 0)
        self._emails: set[str] = set()

    def _phone(self, country: str) -> str:
        """The next number, or none once the reserved ranges are used up."""
        taken = self._phones[country]
        if taken >= PHONES_COUNT[country] or self._source.random() < 0.12:
            return ""
        self._phones[country] = taken + 1
        return phone(country, taken * 7_919)

    def email(self, first_name: str, last_name: str) -> str:
        """An address under a reserved domain that nobody else has."""
        address = self._names.email(self._source, first_name, last_name)
        while address in self._emails:
            user, domain = address.split("@")
            address = f"{user}{self._source.randint(1, 9999)}@{domain}"
        self._emails.add(address)
        return address

    def person(self, number: int, role: str) -> Person:
        """Person number ``number``."""
        source = self._source
        language = "fr" if source.random() < _FRENCH_SHARE else "en"
        country = "FR" if language == "fr" else "GB"
        first_name, last_name = self._names.name(source, language)
        brand_draw = source.random()
        brands: tuple[str, ...] = (
            (company.ONDEA,)
            if brand_draw < 0.42
            else (company.BRINDILLE,)
            if brand_draw < 0.72
            else (company.ONDEA, company.BRINDILLE)
            if brand_draw < 0.9
            else (company.FLUXO,)
        )
        kind = company.BRANDS_BY_NAME[brands[0]].kind
        street, postal_code, city = self._names.address(source, language)
        activity = min(source.paretovariate(1.35), 60.0)
        return Person(
            person_id=f"p{number:07d}",
            language=language,
            first_name=first_name,
            last_name=last_name,
            email=self.email(first_name, last_name),
            phone=self._phone(country),
            street=street,
            postal_code=postal_code,
            city=city,
            country=country,
            birth_date=f"{source.randint(1946, 2006)}-{source.randint(1, 12):02d}"
            f"-{source.randint(1, 28):02d}",
            style="neat" if role in ("employee", "helper") else pick(source, _STYLES),
            activity=activity,
            brands=brands,
            content={brand: min(max(source.gauss(0.58, 0.22), 0.03), 0.98) for brand in brands},
            employer=pick(source, brands) if role == "employee" else None,
            skills=SKILLS[kind] if role == "helper" else (),
            role=role,
        )


def _make_desks(population: Population) -> None:
    for desk in company.DESKS:
        account = Account(
            source=desk.source,
            account_id=desk.account_id,
            handle=desk.handle,
            display_name=desk.display_name,
            language="fr",
            created_at=1_300_000_000,
            followers_count=desk.followers_count,
            following_count=310,
            posts_count=42_000,
            description=f"{desk.brand} · {desk.department}",
            brand=desk.brand,
            is_automated=desk.is_automated,
        )
        population.accounts.append(account)
        if desk.is_automated:
            population.automated[desk.source, desk.brand] = account
        else:
            population.desks[desk.source, desk.brand, desk.department] = account


def _index(population: Population) -> None:
    """Fill the tables that episodes draw from."""
    drawn: dict[tuple[str, str], list[Account]] = {}
    reading: dict[str, list[Account]] = {}
    helping: dict[tuple[str, str, str], list[Account]] = {}
    for person in population.people:
        for account in person.accounts.values():
            source = account.source
            if person.role == "spammer":
                population.spammers.setdefault(source, []).append(account)
                continue
            if person.role == "newcomer":
                population.newcomers.setdefault(source, []).append(account)
                continue
            if person.employer:
                population.employees.setdefault(person.employer, []).append(account)
                continue
            drawn.setdefault((source, person.language), []).append(account)
            reading.setdefault(source, []).append(account)
            if person.role == "helper":
                for skill in person.skills:
                    helping.setdefault((source, person.language, skill), []).append(account)

    def weighted(accounts: list[Account]) -> Weighted[Account]:
        return Weighted(
            accounts, [account.person.activity if account.person else 1 for account in accounts]
        )

    population.writers = {key: weighted(accounts) for key, accounts in drawn.items()}
    population.readers = {key: weighted(accounts) for key, accounts in reading.items()}
    population.helpers = {key: weighted(accounts) for key, accounts in helping.items()}


def populate(seed: int, posts: int, start: int) -> Population:
    """People for that many posts, all of whose accounts were opened before ``start``.

    Newcomers write nothing before the crisis; that is when they are first heard.
    """
    source = stream(seed, "population")
    population = Population()
    _make_desks(population)
    maker = _PersonMaker(source, Names(seed))
    accounts = AccountMaker(stream(seed, "accounts"), start)
    crm = stream(seed, "crm_rows")
    count = max(_FEWEST_PEOPLE, int(posts * PEOPLE_PER_POST))
    guaranteed = [role for role, _ in _ROLES for _ in range(6)]
    for number in range(count):
        role = guaranteed[number] if number < len(guaranteed) else _role(source)
        person = maker.person(number, role)
        population.people.append(person)
        population.links.extend(accounts.open_accounts(person))
        population.accounts.extend(person.accounts.values())
        if role not in ("newcomer", "spammer"):
            population.links.extend(
                join_crm(crm, person, maker.email, start - 700 * DAY, start + 30 * DAY)
            )
    _index(population)
    return population
