"""`facility grant ...`: the life of an award, from the clearance of its implementer to what comes back.

Each of these commands writes one row of the file of its kind, under the same rules; `facility import` takes many.
"""

from __future__ import annotations

from typing import Annotated

import typer

from facility.cli.acts import money, write_row
from facility.cli.shared import ByOption, DryRunOption, OnOption, day, reason_given

app = typer.Typer(
    help="The life of an award. Clearance, agreement, tranches, disbursement, expenditure, and what comes back.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

CommitmentArgument = Annotated[
    str, typer.Argument(metavar="COMMITMENT", help="The grant agreement's id.", show_default=False)
]
AmountOption = Annotated[str, typer.Option("--amount", metavar="AMOUNT", help="How much.", show_default=False)]
CurrencyOption = Annotated[
    str | None, typer.Option("--currency", metavar="CODE", help="Of the amount (the book's currency).")
]
BaseOption = Annotated[
    str | None,
    typer.Option("--base-amount", metavar="AMOUNT", help="What the bank made of it in the book's currency."),
]
BankOption = Annotated[str | None, typer.Option("--bank", metavar="BANK", help="The account at a bank (main).")]
IdOption = Annotated[
    str | None, typer.Option("--id", metavar="ID", help="Of this row; by default the agreement and the day.")
]
NoteOption = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="For the record.")]
ReasonOption = Annotated[
    str,
    typer.Option("--reason", metavar="TEXT", help="Why, for the record.", show_default=False, callback=reason_given),
]
SourceOption = Annotated[
    str, typer.Option("--source", metavar="TEXT", help="Where it is documented.", show_default=False)
]


@app.command("clear")
def clear(
    implementer: Annotated[str, typer.Argument(metavar="IMPLEMENTER", help="Its id.", show_default=False)],
    clearance: Annotated[
        str, typer.Argument(metavar="CLEARANCE", help="sanctions, due-diligence, accountability.", show_default=False)
    ],
    source: SourceOption,
    refused: Annotated[bool, typer.Option("--refused", help="It was looked into and refused.")] = False,
    valid_until: Annotated[
        str | None, typer.Option("--valid-until", metavar="DATE", help="Last day on which it holds.")
    ] = None,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Record what was found of an implementer. Without its clearances nothing is committed to it."""
    outcome = "refused" if refused else "cleared"
    cells = {
        "implementer": implementer,
        "clearance": clearance,
        "cleared_on": day(on).isoformat(),
        "outcome": outcome,
        "valid_until": valid_until,
        "source": source,
    }
    what = f"{clearance} of {implementer}: {outcome}"
    write_row("clearances", cells, what=what, command=f"grant clear {implementer}", on=on, by=by, dry_run=dry_run)


@app.command("commit")
def commit(
    request_id: Annotated[str, typer.Argument(metavar="REQUEST", help="The request awarded.", show_default=False)],
    commitment_id: Annotated[
        str, typer.Option("--id", metavar="COMMITMENT", help="The grant agreement's id.", show_default=False)
    ],
    implementer: Annotated[
        str, typer.Option("--implementer", metavar="ID", help="Who receives the money.", show_default=False)
    ],
    amount: Annotated[
        str | None, typer.Option("--amount", metavar="AMOUNT", help="How much, in the book's currency.")
    ] = None,
    share: Annotated[
        str | None, typer.Option("--share", metavar="PERCENT", help="Of what is allocated and not committed yet.")
    ] = None,
    starts_on: Annotated[
        str | None, typer.Option("--starts-on", metavar="DATE", help="First day of activities.")
    ] = None,
    ends_on: Annotated[str | None, typer.Option("--ends-on", metavar="DATE", help="Last day of activities.")] = None,
    indirect_max: Annotated[
        str | None, typer.Option("--indirect-max", metavar="PERCENT", help="Indirect cost, of direct cost (7%).")
    ] = None,
    report_due: Annotated[
        str | None, typer.Option("--report-due", metavar="DATE", help="When the final report is due.")
    ] = None,
    agreement: Annotated[str | None, typer.Option("--agreement", metavar="TEXT", help="Its reference.")] = None,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Sign a grant agreement. What is allocated to a request becomes an obligation to one implementer."""
    cells = {
        "commitment_id": commitment_id,
        "request_id": request_id,
        "implementer": implementer,
        "signed_on": day(on).isoformat(),
        "amount": amount,
        "share": share,
        "indirect_max": indirect_max,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "report_due": report_due,
        "agreement": agreement,
    }
    what = f"commitment {commitment_id}: {amount or share} of {request_id} to {implementer}"
    write_row("commitments", cells, what=what, command=f"grant commit {request_id}", on=on, by=by, dry_run=dry_run)


@app.command("tranche")
def tranche(
    commitment_id: CommitmentArgument,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="1, 2, ...", show_default=False)],
    amount: AmountOption,
    due_on: Annotated[str | None, typer.Option("--due-on", metavar="DATE", help="When it is planned.")] = None,
    condition: Annotated[
        str | None, typer.Option("--condition", metavar="TEXT", help="What must be met before it goes out.")
    ] = None,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Plan an instalment of an agreement, with its condition."""
    cells = {
        "commitment_id": commitment_id,
        "tranche": str(number),
        "due_on": due_on,
        "amount": amount,
        "condition": condition,
    }
    what = f"tranche {number} of {commitment_id}: {amount}" + (f", when {condition}" if condition else "")
    write_row("tranches", cells, what=what, command=f"grant tranche {commitment_id}", on=on, by=by, dry_run=dry_run)


@app.command("condition-met")
def condition_met(
    commitment_id: CommitmentArgument,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="Of the tranche.", show_default=False)],
    source: SourceOption,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Record that the condition of a tranche is met."""
    cells = {"commitment_id": commitment_id, "tranche": str(number), "met_on": day(on).isoformat(), "source": source}
    what = f"condition of tranche {number} of {commitment_id}: met"
    command = f"grant condition-met {commitment_id}"
    write_row("conditions_met", cells, what=what, command=command, on=on, by=by, dry_run=dry_run)


@app.command("disburse")
def disburse(
    commitment_id: CommitmentArgument,
    amount: AmountOption,
    tranche: Annotated[int | None, typer.Option("--tranche", metavar="NUMBER", help="Which tranche it is of.")] = None,
    currency: CurrencyOption = None,
    base_amount: BaseOption = None,
    bank: BankOption = None,
    row_id: IdOption = None,
    note: NoteOption = None,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Transfer cash to an implementer, out of what is committed."""
    cells = {
        "disbursement_id": row_id or f"{commitment_id} {day(on)}",
        "commitment_id": commitment_id,
        "tranche": None if tranche is None else str(tranche),
        "paid_on": day(on).isoformat(),
        "note": note,
        **_money(amount, currency, base_amount, bank),
    }
    what = f"disbursed {money(amount, currency)} on {commitment_id}"
    command = f"grant disburse {commitment_id}"
    write_row("disbursements", cells, what=what, command=command, on=on, by=by, dry_run=dry_run)


@app.command("spend")
def spend(
    commitment_id: CommitmentArgument,
    direct: Annotated[str, typer.Option("--direct", metavar="AMOUNT", help="Direct cost.", show_default=False)],
    indirect: Annotated[
        str | None, typer.Option("--indirect", metavar="AMOUNT", help="Indirect cost, at most 7 % of direct cost.")
    ] = None,
    spent_from: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day it is for.")] = None,
    final: Annotated[bool, typer.Option("--final", help="It is final; provisional otherwise.")] = False,
    replaces: Annotated[
        str | None, typer.Option("--replaces", metavar="ID", help="The provisional report that it takes the place of.")
    ] = None,
    currency: CurrencyOption = None,
    base_amount: BaseOption = None,
    entry_date: Annotated[
        str | None, typer.Option("--entry-date", metavar="DATE", help="When it counts, if not on its last day.")
    ] = None,
    row_id: IdOption = None,
    source: Annotated[str | None, typer.Option("--source", metavar="TEXT", help="The report.")] = None,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Record what an implementer reports as spent. It is for the days until --on."""
    cells = {
        "expenditure_id": row_id or f"{commitment_id} {day(on)}",
        "commitment_id": commitment_id,
        "spent_from": spent_from,
        "spent_to": day(on).isoformat(),
        "status": "final" if final else "provisional",
        "currency": currency,
        "direct": direct,
        "indirect": indirect,
        "base_amount": base_amount,
        "replaces": replaces,
        "entry_date": entry_date,
        "source": source,
    }
    what = f"{cells['status']} expenditure {cells['expenditure_id']} on {commitment_id}: {direct}" + (
        f" and {indirect} indirect" if indirect else ""
    )
    write_row("expenditures", cells, what=what, command=f"grant spend {commitment_id}", on=on, by=by, dry_run=dry_run)


@app.command("refund")
def refund(
    commitment_id: CommitmentArgument,
    amount: AmountOption,
    currency: CurrencyOption = None,
    base_amount: BaseOption = None,
    bank: BankOption = None,
    row_id: IdOption = None,
    note: NoteOption = None,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Record unspent money that an implementer gives back. It returns to the contributions that it came from."""
    cells = {
        "refund_id": row_id or f"{commitment_id} {day(on)}",
        "commitment_id": commitment_id,
        "received_on": day(on).isoformat(),
        "note": note,
        **_money(amount, currency, base_amount, bank),
    }
    what = f"refund of {money(amount, currency)} on {commitment_id}"
    write_row("refunds", cells, what=what, command=f"grant refund {commitment_id}", on=on, by=by, dry_run=dry_run)


@app.command("release")
def release(
    commitment_id: CommitmentArgument,
    reason: ReasonOption,
    amount: Annotated[
        str | None, typer.Option("--amount", metavar="AMOUNT", help="How much; all that is left, without it.")
    ] = None,
    row_id: IdOption = None,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Free what will not be used of an agreement. It returns to the contributions that it came from."""
    cells = {
        "release_id": row_id or f"{commitment_id} {day(on)}",
        "commitment_id": commitment_id,
        "released_on": day(on).isoformat(),
        "amount": amount,
        "reason": reason,
    }
    what = f"released {amount or 'all that is left'} of {commitment_id}"
    write_row("releases", cells, what=what, command=f"grant release {commitment_id}", on=on, by=by, dry_run=dry_run)


@app.command("disallow")
def disallow(
    commitment_id: CommitmentArgument,
    amount: AmountOption,
    reason: ReasonOption,
    row_id: IdOption = None,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Disallow reported cost. The implementer owes it."""
    cells = {
        "disallowance_id": row_id or f"{commitment_id} {day(on)}",
        "commitment_id": commitment_id,
        "decided_on": day(on).isoformat(),
        "amount": amount,
        "reason": reason,
    }
    what = f"disallowed {amount} of {commitment_id}"
    command = f"grant disallow {commitment_id}"
    write_row("disallowances", cells, what=what, command=command, on=on, by=by, dry_run=dry_run)


@app.command("recover")
def recover(
    commitment_id: CommitmentArgument,
    amount: AmountOption,
    currency: CurrencyOption = None,
    base_amount: BaseOption = None,
    bank: BankOption = None,
    row_id: IdOption = None,
    note: NoteOption = None,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Record disallowed cost that is made good. It returns to the contributions that it came from."""
    cells = {
        "recovery_id": row_id or f"{commitment_id} {day(on)}",
        "commitment_id": commitment_id,
        "received_on": day(on).isoformat(),
        "note": note,
        **_money(amount, currency, base_amount, bank),
    }
    what = f"recovered {money(amount, currency)} on {commitment_id}"
    write_row("recoveries", cells, what=what, command=f"grant recover {commitment_id}", on=on, by=by, dry_run=dry_run)


def _money(amount: str, currency: str | None, base_amount: str | None, bank: str | None) -> dict[str, str | None]:
    return {"amount": amount, "currency": currency, "base_amount": base_amount, "bank": bank}
