-- Exact integer arithmetic for amounts: no decimal is ever divided, because DuckDB gives a DOUBLE for that.

-- The whole number nearest to n/d for d > 0; a half goes away from zero.
create macro ledger.half_away(n, d) as case when n >= 0 then (2 * n::hugeint + d) // (2 * d::hugeint) else -((2 * -n::hugeint + d) // (2 * d::hugeint)) end;

-- An amount as ten-thousandths, the book's grain.
create macro ledger.grains(amount) as (amount::decimal(38, 4) * 10000)::hugeint;

-- Ten to the power of 4 less a currency's places: the grains in its smallest unit.
create macro ledger.grains_per_unit(places) as case places when 0 then 10000 when 1 then 1000 when 2 then 100 when 3 then 10 else 1 end::hugeint;

-- Grains as an amount.
create macro ledger.amount_of(grains) as (grains::decimal(22, 0) * 0.0001::decimal(5, 4))::decimal(18, 4);

-- numerator/denominator of an amount, rounded half away from zero to a currency's smallest unit. Numerator and denominator are whole.
create macro ledger.portion(amount, numerator, denominator, places) as
    ledger.amount_of(
        ledger.half_away(ledger.grains(amount) * numerator::hugeint, denominator::hugeint * ledger.grains_per_unit(places))
        * ledger.grains_per_unit(places)
    );

-- An amount in the book's currency: divided by the units per base, once, half away from zero.
create macro ledger.converted(amount, units_per_base, places) as
    ledger.portion(amount, 100000000, (units_per_base::decimal(38, 8) * 100000000)::hugeint, places);

-- Whether an amount, divided by the units per base and rounded to any unit, is within what a posting can hold; with a third argument,
-- in that other currency.
create macro ledger.fits(amount, units_per_base) as
    abs(ledger.grains(amount)) * 100000000 < 999999999999995000::hugeint * (units_per_base::decimal(38, 8) * 100000000)::hugeint,
(amount, units_per_base, other_per_base) as
    abs(ledger.grains(amount)) * (other_per_base::decimal(38, 8) * 100000000)::hugeint
        < 999999999999995000::hugeint * (units_per_base::decimal(38, 8) * 100000000)::hugeint;

-- The same, towards zero: asks.
create macro ledger.converted_down(amount, units_per_base, places) as
    ledger.amount_of(
        (ledger.grains(amount) * 100000000)
        // ((units_per_base::decimal(38, 8) * 100000000)::hugeint * ledger.grains_per_unit(places)) * ledger.grains_per_unit(places)
    );
