"""The rows of a scenario: contributions and requests of a frozen round, changed as a scenario file says.

Every bad cell is noted with its place and its remedy, none raised; what cannot be read leaves the row as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from allocation.policy_values import Table, shown
from allocation.problem import Contribution, Problem, Request
from ledgers.errors import FacilityError, did_you_mean
from ledgers.money import Money, major_units, split
from ledgers.terms import Subject, Terms, admits, folded, spoken
from ledgers.terms import parse as parse_terms

_CONTRIBUTION = ("id", "donor", "earmark", "available", "use_by", "withdrawn")
_NEW_CONTRIBUTION = ("id", "donor", "amount", "earmark", "use_by")
_REQUEST = ("id", "select", "merit", "amount_requested", "amount_minimum", "ends_on", "withdrawn")
_SCORES = ("select", "shift")
_MERIT_MAX = 100
_NONE = "none"
_NOBODYS_MONEY = Contribution("", "", 0, Terms(()))
_NOBODYS_REQUEST = Request(Subject(""), ask=10**40, minimum=0, merit=Fraction(0))


def refuse_unknown_keys(table: Table, known: Sequence[str]) -> None:
    """Note every key that no scenario has."""
    for key in table.cells:
        if key not in known:
            table.note(key, "not a key of a scenario here", did_you_mean(key, known))


def tables_at(top: Table, key: str) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the tables under a key with their number from 1; note what is not a table."""
    value = top.cells.get(key, [])
    path = f"{top.place}.{key}" if top.place else key
    if not isinstance(value, list) or not all(isinstance(cells, dict) for cells in value):
        top.note(key, f"{shown(value)} is not a list of tables", f"head each with [[{path}]]")
        return []
    return list(enumerate(value, 1))


def changed_contributions(top: Table, frozen: Problem) -> tuple[tuple[Contribution, ...], list[str]]:
    """Return the contributions of the scenario, and what differs, one sentence each."""
    kept = {contribution.contribution_id: contribution for contribution in frozen.contributions}
    told: list[str] = []
    changed: set[str] = set()
    for number, cells in tables_at(top, "contribution"):
        table = Table(cells, f"contribution {number}", top.problems)
        refuse_unknown_keys(table, _CONTRIBUTION)
        if not set(cells) - {"id", "donor"}:
            table.note("", "nothing changes", f"give at least one of: {', '.join(_CONTRIBUTION[2:])}")
        meant = _meant(table, frozen)
        for contribution in meant:
            _refuse_twice(table, contribution.contribution_id, changed)
            _change_contribution(table, contribution, kept, told, frozen)
        if not meant:  # its cells are looked at all the same, so that every slip is told at once
            _change_contribution(table, _NOBODYS_MONEY, {}, [], frozen)
    for number, cells in tables_at(top, "new_contribution"):
        table = Table(cells, f"new_contribution {number}", top.problems)
        refuse_unknown_keys(table, _NEW_CONTRIBUTION)
        new = _new_contribution(table, kept, frozen)
        if new is not None:
            kept[new.contribution_id] = new
            what = _earmark_words(new.earmark, "unearmarked")
            told.append(f"{_money(new.available, frozen)} of {new.donor} arrive as {new.contribution_id}, {what}")
    return tuple(kept.values()), told


def _meant(table: Table, frozen: Problem) -> list[Contribution]:
    """Return the contributions that a table names, by id or by donor."""
    if ("id" in table.cells) == ("donor" in table.cells):
        table.note("", "names neither id nor donor, or both", 'name one: id = "C-2", or donor = "State of Norland"')
        return []
    key = "id" if "id" in table.cells else "donor"
    wanted = table.text(key, '"C-2"') or ""
    names = {c: c.contribution_id if key == "id" else c.donor for c in frozen.contributions}
    meant = [c for c, name in names.items() if folded(name) == folded(wanted)]
    if wanted and not meant:
        what = "contribution" if key == "id" else "donor with a contribution"
        remedy = did_you_mean(wanted, sorted(set(names.values())))
        table.note(key, f"the round has no {what} {wanted}", remedy)
    if len(meant) > 1 and "available" in table.cells:
        ids = ", ".join(c.contribution_id for c in meant)
        table.note("available", f"{wanted} has {len(meant)} contributions ({ids})", "give each its own, by id")
    return meant


def _refuse_twice(table: Table, identifier: str, changed: set[str]) -> None:
    if identifier in changed:
        table.note("", f"{identifier} is changed twice", "put its changes into one table")
    changed.add(identifier)


def _change_contribution(
    table: Table, own: Contribution, kept: dict[str, Contribution], told: list[str], frozen: Problem
) -> None:
    who = f"{own.contribution_id} of {own.donor}"
    if _says_withdrawn(table, ("earmark", "available", "use_by")):
        kept.pop(own.contribution_id, None)
        told.append(f"{who} is withdrawn")
        return
    changes: dict[str, Any] = {}
    if "earmark" in table.cells:
        changes["earmark"] = earmark = _terms(table, "earmark", frozen)
        now, before = (_earmark_words(terms, word) for terms, word in ((earmark, "lifted"), (own.earmark, "none")))
        told.append(f"the earmark of {who} is {now} (was {before})")
    if "available" in table.cells:
        changes["available"] = available = _amount(table, "available", frozen)
        told.append(f"{who} has {_money(available, frozen)} available (was {_money(own.available, frozen)})")
    if "use_by" in table.cells:
        changes["use_by"] = use_by = _day(table, "use_by")
        told.append(f"{who} is to be used by {use_by or 'no day'} (was {own.use_by or 'no day'})")
    kept[own.contribution_id] = replace(own, **changes)


def _new_contribution(table: Table, kept: Mapping[str, Contribution], frozen: Problem) -> Contribution | None:
    examples = {"id": '"P-1"', "donor": '"State of Norland"', "amount": '"1000000.00"'}
    for key in (key for key in examples if key not in table.cells):
        table.note(key, "missing", f"write for example {key} = {examples[key]}")
    identifier, donor = table.text("id", examples["id"]), table.text("donor", examples["donor"])
    amount = _amount(table, "amount", frozen)
    earmark = _terms(table, "earmark", frozen)
    use_by = _day(table, "use_by")
    if identifier is not None and folded(identifier) in {folded(known) for known in kept}:
        table.note("id", f"the round has a contribution {identifier}", "choose another id, or head it [[contribution]]")
        return None
    if identifier is None or donor is None:
        return None
    return Contribution(identifier, donor, amount, earmark, use_by)


def changed_requests(top: Table, frozen: Problem) -> tuple[tuple[Request, ...], list[str]]:
    """Return the requests of the scenario, and what differs, one sentence each."""
    kept = {request.request_id: request for request in frozen.requests}
    told: list[str] = []
    changed: set[str] = set()
    for number, cells in tables_at(top, "request"):
        table = Table(cells, f"request {number}", top.problems)
        refuse_unknown_keys(table, _REQUEST)
        if not set(cells) - {"id", "select"}:
            table.note("", "nothing changes", f"give at least one of: {', '.join(_REQUEST[2:])}")
        asked = _asked(table, frozen)
        for request in asked:
            _refuse_twice(table, request.request_id, changed)
            _change_request(table, request, kept, told, frozen)
        if not asked:
            _change_request(table, _NOBODYS_REQUEST, {}, [], frozen)
    for number, cells in tables_at(top, "scores"):
        table = Table(cells, f"scores {number}", top.problems)
        refuse_unknown_keys(table, _SCORES)
        _shift(table, kept, told, frozen)
    return tuple(kept.values()), told


def _asked(table: Table, frozen: Problem) -> list[Request]:
    """Return the requests that a table names, by id or by terms."""
    if ("id" in table.cells) == ("select" in table.cells):
        table.note("", "names neither id nor select, or both", 'name one: id = "R-1", or select = "window=diaspora"')
        return []
    if "select" in table.cells:
        return _selected(table, frozen, frozen.requests)
    wanted = table.text("id", '"R-1"') or ""
    meant = [request for request in frozen.requests if folded(request.request_id) == folded(wanted)]
    if wanted and not meant:
        table.note(
            "id", f"the round has no request {wanted}", did_you_mean(wanted, [r.request_id for r in frozen.requests])
        )
    return meant


def _selected(table: Table, frozen: Problem, requests: Sequence[Request]) -> list[Request]:
    noted = len(table.problems)
    select = _terms(table, "select", frozen)
    if len(table.problems) > noted:
        return []
    found = [request for request in requests if admits(select, request.subject, frozen.places)]
    if not found:
        table.note("select", f"admits none of the {len(requests)} requests", "loosen the terms")
    return found


def _change_request(table: Table, own: Request, kept: dict[str, Request], told: list[str], frozen: Problem) -> None:
    who = own.request_id
    if _says_withdrawn(table, _REQUEST[2:6]):
        kept.pop(who, None)
        told.append(f"{who} is withdrawn")
        return
    made = own
    if "merit" in table.cells:
        made = _with_merit(made, _merit(table))
        told.append(f"{who} has merit {_points(made.merit)} (was {_points(own.merit)})")
    if "amount_requested" in table.cells:
        made = _with_ask(made, _amount(table, "amount_requested", frozen, least=1))
        told.append(f"{who} asks {_money(made.ask, frozen)} (was {_money(own.ask, frozen)})")
    if "amount_minimum" in table.cells:
        made = _with_minimum(table, made, frozen)
        told.append(f"{who} needs at least {_money(made.minimum, frozen)} (was {_money(own.minimum, frozen)})")
    if "ends_on" in table.cells:
        made = replace(made, ends_on=_day(table, "ends_on"))
        told.append(f"{who} ends on {made.ends_on or 'no day'} (was {own.ends_on or 'no day'})")
    kept[who] = made


def _with_merit(request: Request, merit: Fraction) -> Request:
    return replace(request, merit=merit, subject=replace(request.subject, merit=merit))


def _with_ask(request: Request, ask: int) -> Request:
    """Return a request of another ask: all or nothing stays so, and its years keep their proportions."""
    minimum = ask if request.minimum == request.ask else min(request.minimum, ask)
    parts = split(ask, [amount for _, amount in request.years]) if request.years else []
    years = tuple((year, part) for (year, _), part in zip(request.years, parts, strict=True) if part)
    return replace(request, ask=ask, minimum=minimum, years=years)


def _with_minimum(table: Table, request: Request, frozen: Problem) -> Request:
    if table.cells["amount_minimum"] == "all":
        return replace(request, minimum=request.ask)
    minimum = _amount(table, "amount_minimum", frozen)
    if minimum > request.ask:
        fact = f"{_money(minimum, frozen)} is more than {request.request_id} asks ({_money(request.ask, frozen)})"
        table.note("amount_minimum", fact, 'lower it; "all" means all or nothing')
        return request
    return replace(request, minimum=minimum)


def _shift(table: Table, kept: dict[str, Request], told: list[str], frozen: Problem) -> None:
    if "shift" not in table.cells:
        table.note("shift", "missing", "write for example shift = 2 or shift = -1.5")
    points = table.number("shift", remedy="write points of merit: shift = 2 or shift = -1.5")
    found = _selected(table, frozen, list(kept.values()))
    if not points:
        if points is not None:
            table.note("shift", "0 shifts nothing", "write points of merit: shift = 2")
        return
    stopped = 0
    for request in found:
        merit = min(max(request.merit + points, Fraction(0)), max(Fraction(_MERIT_MAX), request.merit))
        stopped += merit != request.merit + points
        kept[request.request_id] = _with_merit(request, merit)
    whom = str(table.cells.get("select", "")) or "all requests"
    kept_in = f", {stopped} of them stopped at 0 or {_MERIT_MAX}" if stopped else ""
    told.append(f"merit {'+' if points > 0 else ''}{_points(points)} for {whom}: {len(found)} requests{kept_in}")


def _says_withdrawn(table: Table, others: Sequence[str]) -> bool:
    """Return whether a row leaves the round; a row that leaves has no other change."""
    value = table.cells.get("withdrawn", False)
    if not isinstance(value, bool):
        table.note("withdrawn", f"{shown(value)} is not true or false", "write withdrawn = true")
        return False
    also = [key for key in others if key in table.cells]
    if value and also:
        table.note("withdrawn", f"is withdrawn and changes its {', '.join(also)}", "do one of the two")
    return bool(value)


def _terms(table: Table, key: str, frozen: Problem) -> Terms:
    value = table.cells.get(key, "")
    if not isinstance(value, str):
        table.note(key, f"{shown(value)} is not a text", f'write for example {key} = "window=integration"')
        return Terms(())
    try:
        return parse_terms(value, places=frozen.places)
    except FacilityError as error:
        table.note(key, error.message, error.remedy)
        return Terms(())


def _earmark_words(terms: Terms, empty: str) -> str:
    return empty if terms.is_empty else spoken(terms)


def _amount(table: Table, key: str, frozen: Problem, *, least: int = 0) -> int:
    """Return an amount in minor units; `least` where it is absent, wrong or too small."""
    amount = table.minor(key, frozen.currency)
    if amount is not None and amount < least:
        floor = "below zero" if least == 0 else "not above zero"
        table.note(key, f"{shown(table.cells[key])} is {floor}", f'write for example {key} = "1000000.00"')
    return max(least, amount or 0)


def _day(table: Table, key: str) -> date | None:
    value = table.cells.get(key, _NONE)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if value == _NONE:
        return None
    try:
        if isinstance(value, str) and len(value) == len("2026-12-31"):
            return date.fromisoformat(value)
    except ValueError:
        pass  # 2026-02-30 has the form of a date and is none
    table.note(key, f"{shown(value)} is not a date", f'write {key} = 2026-12-31, or "{_NONE}"')
    return None


def _merit(table: Table) -> Fraction:
    merit = table.number("merit", remedy="write points from 0 to 100: merit = 72.5")
    if merit is not None and not 0 <= merit <= _MERIT_MAX:
        table.note("merit", f"{shown(table.cells['merit'])} is not from 0 to 100", "write for example merit = 72.5")
    return merit or Fraction(0)


def _points(merit: Fraction) -> str:
    """Return points as people write them; an endless one to four places."""
    number = Decimal(merit.numerator) / Decimal(merit.denominator)
    return f"{number.quantize(Decimal('0.0001')).normalize():f}"


def _money(minor: int, frozen: Problem) -> str:
    return str(Money(major_units(minor, frozen.currency), frozen.currency))
