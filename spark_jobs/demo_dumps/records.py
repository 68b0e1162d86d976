"""What the world is made of: people, their accounts and CRM rows, and the posts they write.

Plain records; who makes them is ``population``, ``episodes`` and ``purchases``, who writes them
down is ``deliveries`` and ``truth``.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Account:
    """A profile on one source. ``account_id`` is the id that its source's dumps carry."""

    source: str
    account_id: str
    handle: str
    display_name: str
    language: str
    created_at: int
    person_id: str | None = None
    description: str = ""
    location: str = ""
    followers_count: int = 0
    following_count: int = 0
    posts_count: int = 0
    brand: str | None = None
    is_automated: bool = False
    person: Person | None = None


@dataclass(slots=True, eq=False)
class CustomerRow:
    """One row of the CRM; a person may have two."""

    customer_id: str
    first_name: str
    last_name: str
    email: str
    phone: str
    street: str
    created_at: int
    updated_at: int
    loyalty_card_id: str = ""
    handles: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Person:
    """One human being. ``content`` maps a brand to how well it treats them, 0 to 1."""

    person_id: str
    language: str
    first_name: str
    last_name: str
    email: str
    phone: str
    street: str
    postal_code: str
    city: str
    country: str
    birth_date: str
    style: str
    activity: float
    brands: tuple[str, ...]
    content: dict[str, float]
    employer: str | None = None
    skills: tuple[str, ...] = ()
    role: str = "customer"
    accounts: dict[str, Account] = field(default_factory=dict)
    rows: list[CustomerRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Link:
    """Two identifiers of one person, and by what they can be found to be one."""

    person_id: str
    source: str
    native_id: str
    other_source: str
    other_native_id: str
    discoverable_by: str
    is_exact: bool


@dataclass(slots=True)
class Message:
    """A text with what its author meant."""

    text: str
    sentiment: str
    intents: tuple[str, ...]
    topic: str = ""
    brand: str = ""
    product: str = ""
    aspects: tuple[tuple[str, str], ...] = ()
    """Services and named products that the author feels something about, and what."""
    personal: tuple[tuple[str, str], ...] = ()
    """Kinds and values of the personal data that the text gives away."""


@dataclass(slots=True, eq=False)
class Post:
    """A post as its source has it once everything about it has happened."""

    source: str
    post_id: str
    author: Account
    created_at: int
    message: Message
    language: str
    kind: str
    parent: Post | None = None
    root: Post | None = None
    repost_of: Post | None = None
    quoted: Post | None = None
    title: str = ""
    section: str = ""
    link: str = ""
    """Where a link of the post leads; empty where it has none."""
    likes: int = 0
    is_spam: bool = False
    is_crisis: bool = False
    is_inbound: bool = True
    reposted_at: list[int] = field(default_factory=list)
    replies: list[Post] = field(default_factory=list)
    quotes_count: int = 0
    edited_at: int = 0
    edited_text: str = ""
    edit_id: str = ""
    deleted_at: int = 0
    is_settled: bool = False
    """Whether the asker says that it is solved, where the source shows such a mark."""
