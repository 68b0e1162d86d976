"""The Cypher that writes and reads declared elements, derived from their declarations.

Statements take ``$rows`` (one map a row, as ``graph.warehouse`` gives them) and are safe to
repeat: a transaction whose commit was not heard of is simply sent again. Only elements that
carry a content hash are ever read as ours or removed, so nodes that an analyst adds stay.
"""

from __future__ import annotations

from graph.schema import Element, Kind, Measure, Node, Property, Relationship
from graph.warehouse import CHECKSUM_MODULUS, END_KEY, HASH, START_KEY, measured

RUN = "run_id"
"""Property of every element: the load that last wrote it."""


def constraints(nodes: tuple[Node, ...]) -> list[str]:
    """Statements that make each label's key unique and index what queries start from."""
    statements = []
    for node in nodes:
        prefix = node.label.lower()
        statements.append(
            f"CREATE CONSTRAINT {prefix}_key IF NOT EXISTS "
            f"FOR (n:{node.label}) REQUIRE n.{node.key.name} IS UNIQUE"
        )
        statements += [
            f"CREATE INDEX {prefix}_{item.name} IF NOT EXISTS "
            f"FOR (n:{node.label}) ON (n.{item.name})"
            for item in node.properties
            if item.is_indexed
        ]
    return statements


def write(element: Element) -> str:
    """A statement that creates or updates an element a row; returns how many, as ``affected``."""
    if isinstance(element, Node):
        target = f"MERGE (x:{element.label} {{{element.key.name}: row.{element.key.name}}})"
    else:
        target = f"{_ends(element)}\nMERGE (s)-[x:{element.type}]->(e)"
    values = [_value(item) for item in element.properties]
    return (
        "UNWIND $rows AS row\n"
        f"{target}\n"
        f"SET x += row {{{', '.join((*values, f'.{HASH}', f'{RUN}: $run_id'))}}}\n"
        "RETURN count(x) AS affected"
    )


def remove(element: Element) -> str:
    """A statement that removes the element of each row and returns how many, as ``affected``.

    A node goes with whatever still hangs on it.
    """
    if isinstance(element, Node):
        return (
            "UNWIND $rows AS row\n"
            f"MATCH (x:{element.label} {{{element.key.name}: row.{element.key.name}}})\n"
            f"WHERE x.{HASH} IS NOT NULL\n"
            "DETACH DELETE x\n"
            "RETURN count(x) AS affected"
        )
    return (
        "UNWIND $rows AS row\n"
        f"{_ends(element)}\n"
        f"MATCH (s)-[x:{element.type}]->(e)\n"
        f"WHERE x.{HASH} IS NOT NULL\n"
        "DELETE x\n"
        "RETURN count(x) AS affected"
    )


def remove_repeated(relationship: Relationship) -> str:
    """A statement that leaves one relationship of ours between the two nodes of each row.

    The loader draws none twice; a hand, or two loads at once, can.
    """
    return (
        "UNWIND $rows AS row\n"
        f"{_ends(relationship)}\n"
        f"MATCH (s)-[x:{relationship.type}]->(e)\n"
        f"WHERE x.{HASH} IS NOT NULL\n"
        "WITH s, e, tail(collect(x)) AS repeated\n"
        "UNWIND repeated AS x\n"
        "DELETE x\n"
        "RETURN count(x) AS affected"
    )


def count(element: Element) -> str:
    """A statement that returns how many elements of ours there are."""
    return f"{_every(element)} RETURN count(x)"


def state(element: Element) -> str:
    """A statement that returns key columns and content hash of elements of ours, as lists.

    It reads the share ``$pass`` of ``$passes`` and packs it into ``$parts`` lists: a record
    costs the driver as much as a hundred entries of a list, and the server holds a share only.
    """
    if isinstance(element, Node):
        keys = f"x.{element.key.name}"
    else:
        keys = f"s.{element.start.key.name}, e.{element.end.key.name}"
    return (
        f"{_every(element)} AND x.{HASH} % $passes = $pass\n"
        f"WITH x.{HASH} / $passes % $parts AS part, collect([{keys}, x.{HASH}]) AS held\n"
        "RETURN held"
    )


def totals(element: Element) -> str:
    """A statement that returns count, checksum and each measure, in the order declared."""
    aggregates = ["count(x)", f"sum(x.{HASH} % {CHECKSUM_MODULUS})"]
    for item in measured(element):
        function = "sum" if item.measure is Measure.TOTAL else "count"
        aggregates.append(f"{function}(x.{item.name})")
    return f"{_every(element)} RETURN {', '.join(aggregates)}"


def _value(item: Property) -> str:
    """An entry of a map projection; times arrive as texts, which travel cheapest."""
    if item.kind is Kind.INSTANT:
        return f"{item.name}: datetime(row.{item.name})"
    return f".{item.name}"


def _every(element: Element) -> str:
    if isinstance(element, Node):
        pattern = f"(x:{element.label})"
    else:
        pattern = f"(s:{element.start.label})-[x:{element.type}]->(e:{element.end.label})"
    return f"MATCH {pattern} WHERE x.{HASH} IS NOT NULL"


def _ends(relationship: Relationship) -> str:
    return (
        f"MATCH (s:{relationship.start.label} "
        f"{{{relationship.start.key.name}: row.{START_KEY}}})\n"
        f"MATCH (e:{relationship.end.label} {{{relationship.end.key.name}: row.{END_KEY}}})"
    )
