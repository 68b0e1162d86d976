"""Which records are one person's: decisions before keys, keys before likeness, no chains.

Also: new records are linked to those that are known without scoring all pairs again.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy
import pyarrow
import pytest
from crm_people import crm_records
from hypothesis import given, settings
from hypothesis import strategies as st

MODELS = Path(__file__).resolve().parents[2] / "dbt_project/models/intermediate/identity"
NONE: list[tuple[int, int]] = []
ENDS = ["record_key", "other_record_key"]


def module_of(name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(name, MODELS / f"{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


COMPONENTS = module_of("int_identity__components")


def edges(pairs):
    return numpy.array(pairs, dtype=numpy.int64).reshape(-1, 2)


def people(count, keys=NONE, scores=None, together=NONE, apart=NONE):
    """The groups of records, each with the numbers of its records."""
    scores = scores or {}
    weights = numpy.array(list(scores.values()), dtype=float)
    found = COMPONENTS.people(
        count,
        edges(keys),
        edges([pair for pair, weight in scores.items() if weight >= 0]),
        (edges(list(scores)), weights),
        edges(together),
        edges(apart),
        0.0,
    )
    groups: dict[int, set[int]] = {}
    for record, person in enumerate(found):
        groups.setdefault(int(person), set()).add(record)
    return sorted(sorted(group) for group in groups.values())


def test_keys_and_likely_pairs_make_people():
    assert people(5, keys=[(0, 1)], scores={(1, 2): 3.0, (0, 2): -1.0, (3, 4): -0.5}) == [
        [0, 1, 2],
        [3],
        [4],
    ]


def test_a_chain_breaks_where_the_mean_speaks_against_it():
    assert people(
        4, scores={(0, 1): 9, (1, 2): 2, (0, 2): -8, (2, 3): 9, (1, 3): -8, (0, 3): -8}
    ) == [
        [0, 1],
        [2, 3],
    ]


def test_what_keys_hold_together_is_no_bridge_for_strangers():
    """Two families of two, each with a card; one pair of the four that could be is likely."""
    scores = {(1, 2): 1.0, (0, 2): -5.0, (0, 3): -5.0, (1, 3): -5.0}
    assert people(4, keys=[(0, 1), (2, 3)], scores=scores) == [[0, 1], [2, 3]]


@pytest.mark.parametrize(
    ("keys", "scores"), [([(0, 1)], {}), ([], {(0, 1): 20.0}), ([(0, 1)], {(0, 1): 20.0})]
)
def test_a_decision_parts_what_keys_or_likeness_unite(keys, scores):
    assert people(2, keys=keys, scores=scores) == [[0, 1]]
    assert people(2, keys=keys, scores=scores, apart=[(0, 1)]) == [[0], [1]]


def test_a_decision_parts_two_and_the_third_stays_with_one():
    found = people(3, keys=[(0, 1), (1, 2)], scores={(1, 2): 5.0}, apart=[(0, 2)])
    assert len(found) == 2
    assert all({0, 2} - set(group) for group in found)


def test_a_decision_unites_what_nothing_else_does():
    assert people(3, together=[(0, 2)], scores={(0, 2): -9.0}) == [[0, 2], [1]]


def test_the_newest_of_contradictory_decisions_counts():
    assert people(3, together=[(0, 1), (1, 2)], apart=[(0, 2)]) == [[0, 1], [2]]
    assert people(3, together=[(1, 2), (0, 1)], apart=[(0, 2)]) == [[0], [1, 2]]


@st.composite
def worlds(draw):
    count = draw(st.integers(2, 12))
    pair = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(
        lambda ends: ends[0] < ends[1]
    )
    pairs = st.lists(pair, max_size=8, unique=True)
    scores = draw(st.dictionaries(pair, st.floats(-20, 40), max_size=20))
    apart = draw(pairs)
    together = [ends for ends in draw(pairs) if ends not in apart]
    return count, draw(pairs), scores, together, apart


@settings(deadline=None, max_examples=150)
@given(worlds(), st.integers(2, 6))
def test_no_decision_is_ever_broken_also_in_groups_that_are_cut_in_pieces(world, largest):
    count, keys, scores, together, apart = world
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(COMPONENTS, "LARGEST_GROUP", largest)
        groups = people(count, keys, scores, together, apart)
    assert sorted(record for group in groups for record in group) == list(range(count))
    person = {record: number for number, group in enumerate(groups) for record in group}
    assert all(person[one] != person[other] for one, other in apart)
    agreed = COMPONENTS.agreed(count, edges(together), edges(apart))
    assert all(person[one] == person[other] for one, other in agreed)


@settings(deadline=None, max_examples=100)
@given(worlds(), st.randoms(use_true_random=False))
def test_people_do_not_depend_on_the_order_of_what_speaks_for_them(world, random):
    count, keys, scores, _, apart = world
    shuffled = list(scores.items())
    random.shuffle(shuffled)
    assert people(count, keys, scores, NONE, apart) == people(
        count, keys[::-1], dict(shuffled), NONE, apart[::-1]
    )


def test_how_firmly_customers_hang_together_is_told_without_accounts():
    """A row of three, of whom a decision unites one with an account, beside somebody alone."""
    records = pyarrow.table({"record_key": list("abcd"), "customer_key": ["p", "p", "p", "q"]})
    links = pyarrow.table(
        {"record_key": ["a", "b", "a", "d"], "other_record_key": ["b", "c", "account", "other"]}
    )
    (row,) = module_of("int_identity__clusters").clusters(records, links).to_pylist()
    assert row == {"customer_key": "p", "records_count": 3, "links_count": 2, "bridges_count": 2}
    none = module_of("int_identity__clusters").clusters(records.slice(3), links.slice(3))
    assert none.num_rows == 0


@pytest.fixture(scope="module")
def models():
    return {name: module_of(f"int_identity__{name}") for name in ("model", "pairs")}


def linked(models, settings, records, known=None):
    """The pairs of records, and the number of the person of each."""
    pairs = models["pairs"]
    scorer = pairs.Scorer(records, settings)
    scored, earlier = known or (None, None)
    found = pairs.brought_up(scorer, records, scored, earlier, 0.01)
    no_keys = pyarrow.schema([(end, pyarrow.string()) for end in ENDS]).empty_table()
    found = pairs.scored_pairs(scorer, records, found, no_keys, 0.5)
    keys = records.column("record_key").combine_chunks()
    ends = COMPONENTS.ends_of(found, keys)
    likely = COMPONENTS.ends_of(pairs.likely(found, 0.5), keys)
    weights = found.column("match_weight").to_numpy()
    return found, COMPONENTS.people(
        len(keys), edges(NONE), likely, (ends, weights), edges(NONE), edges(NONE), 0.0
    )


def pairs_within(persons):
    groups: dict[int, list[int]] = {}
    for record, person in enumerate(persons):
        groups.setdefault(int(person), []).append(record)
    return {
        (one, other)
        for group in groups.values()
        for place, one in enumerate(group)
        for other in group[place + 1 :]
    }


def test_new_records_are_linked_as_a_full_run_links_them(models, monkeypatch):
    """Within a hundredth of the pairs: how rare known values are may have changed since."""
    records, truth = crm_records(4_000, seed=3)
    known = records.slice(0, 3_900)
    settings = models["model"].train(known)
    earlier, _ = linked(models, settings, known)
    # Of what was known ten are gone and ten have changed.
    changed = records.slice(10, 10).set_column(
        records.schema.get_field_index("fields_hash"),
        "fields_hash",
        pyarrow.array([f"changed {number}" for number in range(10)]),
    )
    today = pyarrow.concat_tables([changed, records.slice(20)])
    full_pairs, full = linked(models, settings, today)

    scored_again = []
    score = models["pairs"].Scorer.pairs_of_new
    monkeypatch.setattr(
        models["pairs"].Scorer,
        "pairs_of_new",
        lambda self, new, old, least: (
            scored_again.append((new.num_rows, old.num_rows)) or score(self, new, old, least)
        ),
    )
    increment_pairs, increment = linked(models, settings, today, (known, earlier))
    assert scored_again == [(110, 3_880)]
    one, other = pairs_within(full), pairs_within(increment)
    assert len(one) > 150
    assert len(one & other) >= 0.99 * len(one | other)
    likely = [
        {tuple(pair.values()) for pair in found.select(ENDS).to_pylist()}
        for found in (
            models["pairs"].likely(full_pairs, 0.5),
            models["pairs"].likely(increment_pairs, 0.5),
        )
    ]
    assert len(likely[0] & likely[1]) >= 0.99 * len(likely[0] | likely[1])
    keys = today.column("record_key").to_pylist()
    right = sum(truth[keys[first]] == truth[keys[second]] for first, second in other)
    assert right >= 0.99 * len(other)


def test_a_model_is_kept_while_it_fits(models):
    records, _ = crm_records(600, seed=5)
    without = records.set_column(
        records.schema.get_field_index("birth_date"), "birth_date", pyarrow.nulls(records.num_rows)
    )
    model = models["model"]
    known = model.kept_or_trained(None, without, 500)
    assert known["settings"]
    assert known["trained_records_count"] == 600
    assert model.kept_or_trained(known, without.slice(0, 300), 500) is known
    # A field that nobody had, twice the customers, and another way of training.
    for today, earlier in (
        (records, known),
        (without, {**known, "trained_records_count": 300}),
        (without, {**known, "formula_version": "people 0"}),
    ):
        anew = model.kept_or_trained(earlier, today, 500)
        assert anew is not earlier
        assert anew["trained_records_count"] == 600
    few = model.kept_or_trained(None, records.slice(0, 499), 500)
    assert (few["settings"], few["missing_reason"]) == (None, model.TOO_FEW)


def test_contributions_add_up_to_the_weight(models):
    records, _ = crm_records(1_500, seed=4)
    settings = models["model"].train(records)
    found, _ = linked(models, settings, records)
    assert found.num_rows
    for row in found.to_pylist():
        parts = {part["comparison"]: part["match_weight"] for part in row["contributions"]}
        assert sum(parts.values()) == pytest.approx(row["match_weight"])
        others = parts.keys() - {"share", "given_name", "family_name"}
        assert max(parts[name] for name in others) == pytest.approx(row["most_beyond_names"])
