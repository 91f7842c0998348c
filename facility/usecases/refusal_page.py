"""The page for an applicant whose request was refused, or funded in part: true, checkable, and kind.

Every sentence with a figure or a rule is a claim, and carries its number; the others say nothing that could be false.
What was not shown is not on the page, but for a reason that only a search can tell, which is said to be one.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from allocation.decision import decimal_text
from allocation.explain.because import reason_sentence, reasons_of
from facility.usecases.figures import figure
from facility.usecases.why import Decisive
from ledgers.money import Money, major_units
from ledgers.store import Book
from reports.page.refusal import Change, Part, RefusalPage, Statement, refusal_html
from reports.scope import scope_of
from reports.wording import day

if TYPE_CHECKING:
    from allocation.explain.claims import Claims
    from allocation.problem import Request

_CHANGES_MAX = 8


def refusal_page(book: Book, asked: Decisive, made: Claims) -> str:
    """Return the page about one request as HTML."""
    return refusal_html(_Writer(book, asked, made).page())


class _Writer:
    def __init__(self, book: Book, asked: Decisive, made: Claims) -> None:
        self._problem, self._decision, self._made = asked.round_.problem, asked.decision, made
        self._stored, self._found = asked.stored, made.explained
        self._request = next(r for r in self._problem.requests if r.request_id == self._found.request_id)
        self._facility = scope_of(book, None, None).facility
        self._title, self._applicant = book.rows(
            "facility.usecases", "refusal_request", request_id=self._found.request_id
        )[0]
        self._number = {row["kind"]: n for n, row in enumerate(made.rows, start=1)}
        self._sentence = {row["sentence"]: n for n, row in enumerate(made.rows, start=1)}

    def page(self) -> RefusalPage:
        """Return what stands on the page."""
        request, problem = self._request, self._problem
        outcome = "was funded in part" if self._found.awarded else "was not funded"
        about = (problem.round_id, request.request_id)
        folder, named = f"round-{problem.round_id}", f"round {problem.round_id} of {day(problem.on)}"
        answer, parts = self._answer(), [part for part in self._parts() if part.statements]
        told = {one.text for one in (*answer, *(one for part in parts for one in part.statements))}
        return RefusalPage(
            facility=self._facility,
            title=f"Why “{self._title or request.request_id}” {outcome}",
            subtitle=f"Request {request.request_id} of {self._applicant}, {named}",
            answer=answer,
            facts=self._facts(request),
            facts_claims=tuple(number for told in self._figures("ask") for number in told.claims),
            parts=parts,
            claims=[
                (n, row["id"], "" if row["sentence"] in told else row["sentence"])
                for n, row in enumerate(self._made.rows, start=1)
            ],
            commands=tuple(
                shlex.join(words)
                for words in (
                    ("facility", "round", "files", problem.round_id, "--out", folder),
                    ("facility", "round", "explain", *about, "--claims", f"{folder}/claims.json"),
                    ("python", f"{folder}/check_round.py", folder, "--request", request.request_id),
                )
            ),
            decision=self._stored.decision,
        )

    def _answer(self) -> list[Statement]:
        return [*self._figures("resources"), *self._figures("unfunded with a higher merit")]

    def _figures(self, name: str) -> Iterator[Statement]:
        """Yield the claim that has a figure of this name."""
        for number, row in enumerate(self._made.rows, start=1):
            if name in row.get("figures", {}):
                yield Statement(row["sentence"], (number,))

    def _facts(self, request: Request) -> list[tuple[str, str]]:
        return [
            ("asked for", self._money(request.ask)),
            ("smallest useful amount", self._money(request.minimum) if request.minimum else "any amount"),
            ("merit in this round", decimal_text(request.merit, places_max=6)),
            ("awarded", self._money(self._found.awarded) if self._found.awarded else "nothing"),
        ]

    def _parts(self) -> Iterator[Part]:
        yield Part(
            "What stopped it?",
            list(self._reasons()),
            "Reckoned from the decision's awards and payments, the donors' terms and the policy of the round.",
        )
        yield Part(
            "What would it have taken?",
            list(self._new_money()),
            "Solved again with more money for this request alone; every rule is kept on the larger sum.",
        )
        changes = self._changes()
        yield Part(
            "What would change if it were funded?",
            self._loss_in_points(bool(changes)),
            "Figures from below are proven in exact numbers; figures from above are those of a decision that was "
            "verified.",
            changes,
        )
        yield Part("What can be done next?", list(self._next()), "The rules by which requests stand in rounds.")

    def _reasons(self) -> Iterator[Statement]:
        for reason in reasons_of(self._decision, self._request.request_id):
            sentence = reason_sentence(reason)
            if sentence in self._sentence:
                yield Statement(sentence, (self._sentence[sentence],))
            else:
                yield Statement(
                    f"{sentence} (A search found this; it is not among the statements that can be checked.)"
                )

    def _new_money(self) -> Iterator[Statement]:
        new = self._found.new_money
        award = self._money(new.award)
        if new.decision is not None and new.enough is not None and new.enough > 0:
            text = (
                f"With {self._money(new.enough)} of new money for this request alone it would get {award} or more, "
                "while nobody else's award falls."
            )
            yield Statement(text, self._of("funded-with"))
        if "cannot-with-less-than" in self._number:
            row = self._made.rows[self._number["cannot-with-less-than"] - 1]
            text = f"With less than {Money(Decimal(row['amount']), self._problem.currency)} it could not."
            yield Statement(text, self._of("cannot-with-less-than"))
        if "no-amount" in self._number:
            text = (
                "No amount of new money for this request alone would have been enough while nobody else's award falls: "
                f"the rule “{new.never[0]}” leaves no room."
            )
            yield Statement(text, self._of("no-amount"))

    def _loss_in_points(self, has_changes: bool) -> list[Statement]:
        told = list(self._loss(has_changes))
        return [*self._figures("objective"), *told] if told else []

    def _loss(self, has_changes: bool) -> Iterator[Statement]:
        loss = self._found.loss
        award = self._money(loss.award)
        if "loses-at-least" in self._number and loss.certified is not None:
            share = _per_cent(loss.certified, self._decision.objective)
            points = f"{figure(loss.certified):,f}"
            text = f"Any decision that gives it {award} or more reaches at least {points} points less{share}."
            whole = [number for told in self._figures("objective") for number in told.claims if share]
            yield Statement(text, (*self._of("loses-at-least"), *whole))
        if "loses-at-most" in self._number and loss.at_most is not None:
            end = ", with these changes:" if has_changes else "."
            is_second = "loses-at-least" in self._number
            what = "one that" if is_second else f"a decision that gives it {award} or more and"
            text = f"There is {what} reaches {figure(loss.at_most, up=True):,f} points less{end}"
            yield Statement(text, self._of("loses-at-most"))

    def _changes(self) -> list[Change]:
        changes = self._found.displaced if "loses-at-most" in self._number else {}
        rows = [self._change(one, before, after) for one, (before, after) in changes.items()]
        ordered = sorted(rows, key=lambda row: (row.request != self._request.request_id, row.request))
        shown = ordered[:_CHANGES_MAX]
        if len(ordered) > len(shown):
            shown.append(Change(f"and {len(ordered) - len(shown)} more", "", "", "changes too"))
        return shown

    def _change(self, request: str, before: int, after: int) -> Change:
        note = "gains" if after > before else "loses all" if not after else "loses a part"
        return Change(request, self._money(before), self._money(after), note)

    def _next(self) -> Iterator[Statement]:
        yield from self._figures("remainder")
        new = self._found.new_money
        if new.decision is not None and new.enough:
            yield Statement(
                f"A donor who gives {self._money(new.enough)} for this request alone would be enough, as said above.",
                self._of("funded-with"),
            )

    def _of(self, kind: str) -> tuple[int, ...]:
        return (self._number[kind],) if kind in self._number else ()

    def _money(self, minor: int) -> str:
        return str(Money(major_units(minor, self._problem.currency), self._problem.currency))


def _per_cent(part: Fraction, whole: Fraction) -> str:
    """Return a part of a whole in per cent, to two figures, rounded down; nothing where there is no whole."""
    if whole <= 0 or part <= 0:
        return ""
    share = part * 100 / whole
    places = max(0, 1 - math.floor(math.log10(share)))
    return f", {Decimal(math.floor(share * 10**places)).scaleb(-places):f} % of all"
