"""Formula envelopes: each country gets an envelope by a formula, and inside it requests are ranked by merit.

Score and envelope
    score[c] = product of figure[c] ** power over the formula's factors; a factor is `merit` (mean over the country's
    requests, weighted by ask), `asked` (the sum of its asks, major units), `requests` (their number), or a numeric
    `x_…` column (mean over those of its requests that give it).
    envelope[c] = the share of the total that its score has of all scores, no less than `floor` and no more than
    `ceiling` (shares of the total) nor than what the country asks; what bounds take or leave is shared among the
    others by the same scores, again and again until no bound is broken. That has one solution, found exactly.
    Regional and global requests belong to no country; together they have an envelope of their own, `set_aside` of the
    total, or, when it is not given, the share that they have of all asks.
A request in several countries uses the envelope of each by its share. A score is reckoned with fifty digits, the same
everywhere; envelopes are whole minor units, by largest remainder.

Promise: a country's envelope comes from its published figures alone, whatever its requests' rank; and priority is
respected within it. Money of an envelope that its requests cannot use stays unspent.

Source: the System for Transparent Allocation of Resources of the Global Environment Facility scores countries by the
product of a benefits index, a performance index and a GDP-per-capita index, each to a power; for GEF-6 the power of the
GDP index is -0.08, ceilings are 10 % of a focal area, and floors are for LDCs (GEF/C.46/05/Rev.01, May 2014, and
thegef.org/gef/STAR; GEF-5 had a ceiling of 11 % for climate change and floors of USD 2, 1.5 and 0.5 million). The
Global Fund's allocation of 2014-2016 rests on disease burden and the country's ability to pay, adjusted for qualitative
factors (Overview of the Allocation Methodology, 2014-2016, March 2014). No source at hand gave the powers of the other
indices; the default here (asked ** 0.8 × merit ** 1) is this project's example.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

from allocation.limits import Row
from allocation.prepared import Prepared
from allocation.sharing.given import spendable_total
from allocation.sharing.greedy import greedy
from ledgers.errors import FacilityError
from ledgers.money import places, split
from ledgers.terms import country_shares

PROMISE = "envelopes by published figures, priority by merit inside each"
ELSEWHERE = ""
"""The envelope of requests that belong to no country."""

_CONTEXT = Context(prec=50)
_DEFAULT = (("asked", Decimal("0.8")), ("merit", Decimal(1)))


class FormulaInvalid(FacilityError):
    """A formula that the round's figures cannot fill."""

    code = "formula-invalid"


@dataclass(frozen=True, slots=True)
class Formula:
    """How countries are scored and bounded.

    Attributes:
        factors: (name, power) each: `merit`, `asked`, `requests` or an `x_…` column.
        floor: Least share of the total for each country.
        ceiling: Largest share of the total for each country.
        set_aside: Share of the total for requests of no country; None: as they ask.
    """

    factors: tuple[tuple[str, Decimal], ...] = _DEFAULT
    floor: Fraction = Fraction(0)
    ceiling: Fraction = Fraction(1)
    set_aside: Fraction | None = None


def formula(round_: Prepared, stated: Formula) -> dict[int, int]:
    """Return the awards under envelopes of a formula: minor units above zero, by request (its position).

    Raises:
        FormulaInvalid: the round does not have the formula's figures.
    """
    found = envelopes(round_, stated, spendable_total(round_))
    return greedy(round_, envelope_rows(round_, found))


def envelope_rows(round_: Prepared, envelopes_: Mapping[str, int]) -> list[Row]:
    """Return each envelope as a ceiling over the awards of its country."""
    weights: dict[str, dict[int, Fraction]] = {country: {} for country in envelopes_}
    for r in round_.fundable:
        for country, share in _countries(round_, r):
            weights[country][r] = share
    rows = []
    for country, envelope in sorted(envelopes_.items()):
        scale = math.lcm(*(share.denominator for share in weights[country].values()))
        amounts = {r: int(share * scale) for r, share in weights[country].items()}
        rows.append(Row(f"envelope of {country or 'no country'}", envelope * scale, amounts))
    return rows


def envelopes(round_: Prepared, stated: Formula, total: int) -> dict[str, int]:
    """Return the envelope of each country that asks, and of no country where some ask so: minor units, within `total`.

    Raises:
        FormulaInvalid: the round does not have the formula's figures; all that is missing is named.
    """
    asked = _asked(round_)
    outside = asked.pop(ELSEWHERE, Fraction(0))
    whole = sum(asked.values(), start=outside)
    aside = stated.set_aside if stated.set_aside is not None else (outside / whole if whole else Fraction(0))
    kept = min(Fraction(total) * aside, outside)
    scores = country_scores(round_, stated)
    exact = _bounded(scores, Fraction(total) - kept, total, stated, asked)
    if outside:
        exact[ELSEWHERE] = kept
    return _whole_units(exact)


def country_scores(round_: Prepared, stated: Formula) -> dict[str, Fraction]:
    """Return each country's score: the product of its figures to their powers.

    Raises:
        FormulaInvalid: a country lacks a figure, or it is below zero, or zero to a power below zero.
    """
    figures = _figures(round_, [name for name, _ in stated.factors])
    faults: list[str] = []
    scores = {}
    for country in sorted(figures):
        score = Decimal(1)
        for name, power in stated.factors:
            figure = figures[country].get(name)
            if figure is None or figure < 0 or (figure == 0 and power < 0):
                faults.append(f"{country} has {'no ' + name if figure is None else f'{name} {figure}'}")
            elif figure == 0:
                score = Decimal(0) if power else score
            else:
                base = _CONTEXT.divide(Decimal(figure.numerator), Decimal(figure.denominator))
                score = _CONTEXT.multiply(score, _CONTEXT.power(base, power))
        scores[country] = Fraction(score)
    if faults:
        shown = "; ".join(faults[:5]) + (f"; and {len(faults) - 5} more" if len(faults) > 5 else "")
        raise FormulaInvalid(
            f"the formula has no score for {len(faults)} of the figures it needs: {shown}",
            remedy="give the requests that x_ column, or use other factors: merit, asked, requests",
        )
    return scores


def _figures(round_: Prepared, names: Sequence[str]) -> dict[str, dict[str, Fraction]]:
    per_major = 10 ** places(round_.problem.currency)
    sums: dict[str, dict[str, list[Fraction]]] = {}
    for r in round_.fundable:
        request = round_.problem.requests[r]
        measures = dict(request.measures)
        for country, share in _countries(round_, r):
            if country == ELSEWHERE:
                continue
            asked = share * request.ask
            told = {
                "merit": (request.merit * asked, asked),
                "asked": (asked / per_major, None),
                "requests": (share, None),
                **{name: (value * share, share) for name, value in measures.items()},
            }
            into = sums.setdefault(country, {})
            for name in names:
                if name in told:
                    value, weight = told[name]
                    had = into.setdefault(name, [Fraction(0), Fraction(0 if weight is not None else 1)])
                    into[name] = [had[0] + value, had[1] + (weight or 0)]
    return {
        country: {name: value / weight for name, (value, weight) in found.items()} for country, found in sums.items()
    }


def _bounded(
    scores: Mapping[str, Fraction], left: Fraction, total: int, stated: Formula, asked: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    """Return score × one common price, held between each country's bounds, such that it sums to what is left.

    The sum rises with the price and bends only where a country meets a bound; the price is found between two bends.
    """
    high = {c: min(asked[c], stated.ceiling * total) for c in scores}
    low = {c: min(high[c], stated.floor * total) for c in scores}
    if sum(low.values()) > left:
        whole = sum(low.values())
        return {c: low[c] * left / whole for c in scores}

    def held(price: Fraction) -> dict[str, Fraction]:
        return {c: min(high[c], max(low[c], price * score)) for c, score in scores.items()}

    bends = sorted({bound[c] / scores[c] for c in scores if scores[c] > 0 for bound in (low, high)})
    below = Fraction(0)
    for bend in bends:
        if sum(held(bend).values()) > left:
            first, second = sum(held(below).values()), sum(held(bend).values())
            return held(below + (bend - below) * (left - first) / (second - first))
        below = bend
    return held(below)


def _whole_units(exact: Mapping[str, Fraction]) -> dict[str, int]:
    """Return envelopes in whole minor units, by largest remainder, summing to the whole units of their sum."""
    names = sorted(exact)
    total = int(sum(exact.values()))
    scale = math.lcm(*(amount.denominator for amount in exact.values()))
    weights = [int(exact[name] * scale) for name in names]
    if not sum(weights):
        return dict.fromkeys(names, 0)
    return dict(zip(names, split(total, weights), strict=True))


def _asked(round_: Prepared) -> dict[str, Fraction]:
    asked: dict[str, Fraction] = {}
    for r in round_.fundable:
        for country, share in _countries(round_, r):
            asked[country] = asked.get(country, Fraction(0)) + share * round_.ranges[r].ask
    return asked


def _countries(round_: Prepared, request: int) -> list[tuple[str, Fraction]]:
    """Return a request's countries with their shares; no country for a regional or global one."""
    return list(country_shares(round_.problem.requests[request].subject.country)) or [(ELSEWHERE, Fraction(1))]
