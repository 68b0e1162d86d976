"""Does a mart show anybody's e-mail address, phone number or street?

Looked for in two ways: by shape, and against the phone numbers and streets that the CRM delivered.
What identifies things (keys, ids, handles) is not looked into by digits: a long id is no phone
number. Texts that people wrote are not searched for streets, as masking does not know them and
the address of a shop is none of a person. What else marts must satisfy is in ``marts``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from expectations.gate import GateReport, judge, merged
from spark_jobs.lake import Lake
from spark_jobs.tables.bronze import TABLES

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation

_SHAPE_OF_ADDRESS = r"(?![xX9._%+-]+@[x9.-]+\b)"
"""Not the shape of an address, such as xxx.xx@xxxx.xx, which the quarantine shows."""
EMAIL = rf"{_SHAPE_OF_ADDRESS}[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{{2,}}"

_SHAPE_OF_NUMBER = r"(?!\+?(?:9[ .()/\-]{0,2})+(?!\d))"
PHONE = (
    rf"(?<![\w/=:+]){_SHAPE_OF_NUMBER}\+\d(?:[ .()/\-]{{0,2}}\d){{7,14}}(?!\d)"
    r"|(?<![\w.\-])0[1-9](?:[ .\-]\d{2}){4}(?![.\-]?\d)"
)
"""International with a plus, or national in pairs; bare digits may be any id."""

_STREET_WORDS = "rue|avenue|boulevard|chemin|impasse|all[ée]e|quai|faubourg"
_STREET_WORDS_LAST = "street|road|lane|avenue|drive"
STREET = (
    rf"(?i)(?<![\w.,])\d{{1,4}}(?: ?(?:bis|ter|quater))?,? (?:{_STREET_WORDS}) \w"
    rf"|(?<![\w.,])\d{{1,4}}(?: [\w'’-]+){{1,3}} (?:{_STREET_WORDS_LAST})\b"
    r"|\w(?:straße|strasse|gasse) \d{1,4}\b"
)

_CUES = {
    EMAIL: [("@", r"[A-Za-z0-9._%+-]@[A-Za-z0-9.-]+\.[A-Za-z]{2}")],
    PHONE: [("+", r"\+\pN([ .()/\-]{0,2}\pN){7}"), ("", r"0[1-9]([ .\-]\pN{2}){4}")],
    STREET: [
        ("", rf"(?i)\pN.*\b({_STREET_WORDS}|{_STREET_WORDS_LAST})\b"),
        ("", r"(?i)(stra(ß|ss)e|gasse) \pN"),
    ],
}
"""What a text must hold to be worth a look: a sign and an expression that DuckDB knows, which
cannot look around. The nearer they come to what is sought, the fewer rows leave the database."""

IDENTIFYING = ("_key", "_keys", "_id", "_ids", "_hash", "_version", "handle", "identifier", "file")
"""How names of columns end that say which thing or file is meant, as its source gave it."""
WRITTEN = frozenset(
    {
        "text",
        "sample_text",
        "evidence",
        "entities",
        "label",
        "phrases_fr",
        "phrases_en",
        "spam_evidence",
        "toxicity_evidence",
        "raw_excerpt",
        "detail",
    }
)
"""Columns of what people wrote, or of words taken from it."""
CHOSEN = frozenset({"display_name"})
"""Columns of names that people gave themselves, such as 21 Jump Street."""

HELD = "contact_point_of_the_crm"
_NUMBER = r"\d(?:[ .()/\-]{0,2}\d){7,17}"
_SIGNIFICANT_DIGITS = 9
_STREET_WORDS_COUNT = 8


def check_contact_data(
    connection: duckdb.DuckDBPyConnection, lake: Lake, schema: str, tables: Sequence[str]
) -> list[GateReport]:
    """Look into every text of the tables, those inside lists and structures too.

    Args:
        connection: to the build, its ``schema`` in use.
        lake: that it was built from; its phone numbers and streets are looked for.
        schema: of the tables.
        tables: the marts.
    """
    _read_contact_points(connection, lake)
    reports = []
    for table in tables:
        columns = _texts_of(connection, schema, table)
        place = [name for name in columns if name.endswith(("_key", "_id")) or name == "file"]
        reports.append(
            merged(
                "marts",
                [
                    _check_shapes(connection, table, columns, place),
                    _check_own(connection, table, columns, place),
                ],
            )
        )
    return reports


def _texts_of(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> list[str]:
    rows = connection.execute(
        "select column_name from duckdb_columns() where database_name = current_database()"
        " and schema_name = ? and table_name = ? and contains(data_type, 'VARCHAR')",
        [schema, table],
    ).fetchall()
    return [name for (name,) in rows]


def _check_shapes(
    connection: duckdb.DuckDBPyConnection, table: str, columns: list[str], place: list[str]
) -> GateReport:
    from great_expectations import expectations as gxe

    if not columns:
        return GateReport("marts", 0)
    sought = [(name, EMAIL) for name in columns]
    for name in columns:
        if not name.endswith(IDENTIFYING):
            sought.append((name, PHONE))
            if name not in WRITTEN | CHOSEN:
                sought.append((name, STREET))
    # Only texts with a cue can be at fault: the others need not leave the database.
    suspects = " or ".join(has_cue(f'"{name}"::varchar', regex) for name, regex in sought)
    chosen = ", ".join(f'"{name}"::varchar as "{name}"' for name in columns)
    frame = connection.execute(f'select {chosen} from "{table}" where {suspects}').df()
    expectations: list[Expectation] = [
        gxe.ExpectColumnValuesToNotMatchRegex(column=name, regex=regex) for name, regex in sought
    ]
    return judge("marts", table, frame, expectations, place)


def has_cue(text: str, regex: str) -> str:
    """The condition, in SQL, that ``text`` may match ``EMAIL``, ``PHONE`` or ``STREET``."""
    return " or ".join(
        f"(contains({text}, '{sign}') and regexp_matches({text}, '{cue}'))"
        for sign, cue in _CUES[regex]
    )


def _read_contact_points(connection: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    """Make the temporary tables ``own_phones`` and ``own_streets``, of what identifies them."""
    for column in ("phone", "street"):
        delivered = pa.concat_tables(
            lake.read_bronze(name, [column])
            for name, table in TABLES.items()
            if column in {declared.name for declared in table.columns}
        )
        connection.register(f"delivered_{column}", delivered)
    connection.execute(
        f"""
        create or replace temporary table own_phones as
        select distinct right(regexp_replace(phone, '\\D', '', 'g'), {_SIGNIFICANT_DIGITS}) as own
        from delivered_phone
        where length(regexp_replace(phone, '\\D', '', 'g')) >= {_SIGNIFICANT_DIGITS}
        """
    )
    # A street without a number is a name like others.
    connection.execute(
        f"""
        create or replace temporary table own_streets as
        select distinct {_words_of("street")} as own
        from delivered_street
        where regexp_matches(street, '\\d') and contains({_words_of("street")}, ' ')
        """
    )


def _words_of(text: str) -> str:
    return f"trim(regexp_replace(strip_accents(lower({text})), '[^\\pL\\pN]+', ' ', 'g'))"


def _check_own(
    connection: duckdb.DuckDBPyConnection, table: str, columns: list[str], place: list[str]
) -> GateReport:
    from great_expectations import expectations as gxe

    found = []
    for name in columns:
        if name.endswith(IDENTIFYING):
            continue
        searches = [_with_own_phone] if name in WRITTEN else [_with_own_phone, _with_own_street]
        for search in searches:
            held = search(f'"{name}"::varchar', f'"{table}"')
            places = ", ".join(f'"{column}"::varchar as "{column}"' for column in place)
            found.append(
                f"select {places + ',' if place else ''} '{name}: ' || \"{name}\"::varchar"
                f' as {HELD} from "{table}" where "{name}"::varchar in ({held})'
            )
    if not found:
        return GateReport("marts", 0)
    frame = connection.execute(" union all ".join(found)).df()
    return judge("marts", table, frame, [gxe.ExpectColumnValuesToBeNull(column=HELD)], place)


def _with_own_phone(column: str, table: str) -> str:
    """Query of the values that hold a phone number of the CRM, whatever its prefix and layout."""
    return f"""
        with numbers as (
            select value, unnest(regexp_extract_all(value, '{_NUMBER}')) as number
            from {_values_with_digits(column, table)}
        )
        select value
        from numbers
        inner join own_phones
            on right(regexp_replace(number, '\\D', '', 'g'), {_SIGNIFICANT_DIGITS}) = own
    """


def _with_own_street(column: str, table: str) -> str:
    """Query of the values in which the words of a street of the CRM follow each other."""
    return f"""
        with texts as (
            select value, string_split({_words_of("value")}, ' ') as words
            from {_values_with_digits(column, table)}
        ),
        starts as (
            select *, unnest(range(1, len(words))) as first_word from texts
        ),
        runs as (
            select
                value,
                words[first_word : first_word + unnest(range(1, {_STREET_WORDS_COUNT}))] as run
            from starts
        )
        select value
        from runs
        inner join own_streets
            on array_to_string(run, ' ') = own
    """


def _values_with_digits(column: str, table: str) -> str:
    return f"(select distinct {column} as value from {table} where regexp_matches({column}, '\\d'))"
