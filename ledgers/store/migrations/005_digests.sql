-- What makes a contribution's terms the same: everything a pledge and its signed agreement must share.
create macro ledger.contribution_terms(donor_id, donor_kind, donor_country, currency, amount, earmark, use_by, country_share_max, interest, fee_percent) as
    sha256(concat_ws('|', donor_id, donor_kind, coalesce(donor_country, ''), currency, amount::decimal(18, 4)::varchar, earmark,
        coalesce(use_by::varchar, ''), coalesce(country_share_max::decimal(9, 6)::varchar, ''), coalesce(interest, ''),
        coalesce(fee_percent::decimal(9, 6)::varchar, '')));

-- What makes two rows of a contributions file the same.
create macro ledger.contribution_content(terms, agreement, signed_on, stage, report_due, note) as
    sha256(concat_ws('|', terms, coalesce(agreement, ''), coalesce(signed_on::varchar, ''), stage, coalesce(report_due::varchar, ''), coalesce(note, '')));
