-- Which requests each set of terms admits: the meaning of earmarks, set-wise, the same as `admits` in Python.
-- One row per (terms_id, request_id) admitted; ordered by both.
--
-- No parameters; reads these tables or views, which the caller provides:
--   term(terms_id)                                       every set of terms, also an empty one
--   term_part(terms_id, part_no, attribute, operator)    its conditions; key (terms_id, part_no)
--   term_value(terms_id, part_no, value, number)         their alternatives, groups of applicant kinds spelled out; number
--                                                        DECIMAL(18,4), null unless the attribute is numeric
--   subject(request_id, window, applicant, applicant_kind, gender, human_rights, child, oda, level,
--           merit_numerator, merit_denominator)          one row a request; null or '' where not known, texts without
--                                                        blanks around them; oda a boolean;
--                                                        merit as an exact ratio of two DECIMAL(18,0)
--   subject_objective(request_id, objective)             its objectives
--   subject_place(request_id, place, share)              its countries by alpha-3 code, or its region by M49 code, once each;
--                                                        no row for a global request; share is not read here
--   place_group(place, around)                           every code that matches a place on the round's date, its own included
with word as (
    select request_id, 'request' as attribute, lower(request_id) as word from subject
    union all
    select request_id, 'window', lower(subject.window) from subject where subject.window <> ''
    union all
    select request_id, 'applicant', lower(applicant) from subject where applicant <> ''
    union all
    select request_id, 'applicant_kind', lower(applicant_kind) from subject where applicant_kind <> ''
    union all
    select request_id, 'level', lower(subject.level) from subject where subject.level <> ''
    union all
    select request_id, 'oda', case when oda then 'yes' else 'no' end from subject where oda is not null
    union all
    select request_id, 'objective', cast(objective as varchar) from subject_objective
),
-- A number is numerator / denominator, so that a mean of scores compares exactly.
measure as (
    select request_id, 'gender' as attribute, cast(gender as decimal(18, 0)) as numerator, cast(1 as decimal(18, 0)) as denominator
    from subject where gender is not null
    union all
    select request_id, 'human_rights', cast(human_rights as decimal(18, 0)), cast(1 as decimal(18, 0))
    from subject where human_rights is not null
    union all
    select request_id, 'child', cast(child as decimal(18, 0)), cast(1 as decimal(18, 0)) from subject where child is not null
    union all
    select request_id, 'merit', cast(merit_numerator as decimal(18, 0)), cast(merit_denominator as decimal(18, 0))
    from subject where merit_numerator is not null
),
location as (
    select request_id, 'country' as attribute, place from subject_place
    union all
    select request_id, 'region', place from subject_place
),
-- What a request has at all: a condition on anything else does not hold, != included.
known as (
    select request_id, attribute, count(*) as things from word group by request_id, attribute
    union all
    select request_id, attribute, 1 from measure
    union all
    select request_id, attribute, count(*) from location group by request_id, attribute
),
-- How many of a request's things match a condition's alternatives, where any does.
hit as (
    select part.terms_id, part.part_no, word.request_id, count(distinct word.word) as things
    from term_part as part
    join term_value as alternative on alternative.terms_id = part.terms_id and alternative.part_no = part.part_no
    join word on word.attribute = part.attribute and word.word = alternative.value
    group by part.terms_id, part.part_no, word.request_id
    union all
    select part.terms_id, part.part_no, measure.request_id, 1
    from term_part as part
    join term_value as alternative on alternative.terms_id = part.terms_id and alternative.part_no = part.part_no
    join measure on measure.attribute = part.attribute
    where case
        when part.operator = '>=' then measure.numerator >= alternative.number * measure.denominator
        when part.operator = '<=' then measure.numerator <= alternative.number * measure.denominator
        else measure.numerator = alternative.number * measure.denominator
    end
    group by part.terms_id, part.part_no, measure.request_id
    union all
    select part.terms_id, part.part_no, location.request_id, count(distinct location.place)
    from term_part as part
    join term_value as alternative on alternative.terms_id = part.terms_id and alternative.part_no = part.part_no
    join place_group on place_group.around = alternative.value
    join location on location.attribute = part.attribute and location.place = place_group.place
    group by part.terms_id, part.part_no, location.request_id
),
-- Every place must match; of anything else one thing is enough; for != nothing may.
held as (
    select hit.terms_id, hit.part_no, hit.request_id
    from hit
    join term_part as part on part.terms_id = hit.terms_id and part.part_no = hit.part_no
    join known on known.request_id = hit.request_id and known.attribute = part.attribute
    where part.operator <> '!=' and (hit.things = known.things or part.attribute not in ('country', 'region'))
    union all
    select part.terms_id, part.part_no, known.request_id
    from term_part as part
    join known on known.attribute = part.attribute
    left join hit on hit.terms_id = part.terms_id and hit.part_no = part.part_no and hit.request_id = known.request_id
    where part.operator = '!=' and hit.request_id is null
),
asked as (
    select terms_id, count(*) as parts from term_part group by terms_id
),
answered as (
    select terms_id, request_id, count(*) as parts from held group by terms_id, request_id
)
select answered.terms_id, answered.request_id
from answered
join asked on asked.terms_id = answered.terms_id and asked.parts = answered.parts
union all
select term.terms_id, subject.request_id
from term
cross join subject
left join asked on asked.terms_id = term.terms_id
where asked.terms_id is null
order by 1, 2
