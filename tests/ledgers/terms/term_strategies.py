"""Random terms and requests, drawn from few values so that they often meet."""

from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from ledgers.places import Places
from ledgers.places.tables import regions
from ledgers.terms import Subject, words
from ledgers.terms.value import part_of, terms_of

BEFORE, ON = date(2026, 11, 23), date(2026, 11, 24)
COUNTRIES = ("KEN", "UGA", "BGD", "NPL", "LSO", "FRA", "HTI", "STP", "ATA", "XKX")
REGIONS = ("001", "002", "202", "011", "014", "034", "419", "029", "003", "155")
KINDS = ("city", "subnational_region", "ngo", "media")
IDENTIFIERS = ("r-1", "r-2", "ünïcode", "ςσ", "a<b", "<", ">x", "!", "o'x", 'say "so"', "50%", "$1", "?", "--", "a, b")

days = st.sampled_from([BEFORE, ON, date(2024, 6, 30), date(2024, 12, 13)])
places = days.map(Places.on)
visible = st.text(st.characters(exclude_characters=words.RESERVED, exclude_categories=("Cs",)), min_size=1, max_size=12)
identifiers = st.one_of(
    st.sampled_from(IDENTIFIERS), visible.map(str.strip).filter(lambda word: word and words.unseen(word) is None)
)
merits = st.one_of(
    st.integers(0, 100).map(Fraction),
    st.fractions(0, 100, max_denominator=30),
    st.decimals(0, 100, places=4).map(Fraction),
)


def _merit_text(value: int) -> str:
    return f"{value // 10000}.{value % 10000:04d}".rstrip("0").rstrip(".")


values = {
    "window": st.sampled_from(words.WINDOWS),
    "country": st.sampled_from((*COUNTRIES, "LDC", "LLDC", "SIDS", "LMIC", "MIC", *REGIONS)),
    "objective": st.sampled_from(("1", "2", "21", "23")),
    "applicant_kind": st.sampled_from((*KINDS, "local_authority")),
    "applicant": identifiers.map(words.folded),
    "gender": st.sampled_from("0123"),
    "human_rights": st.sampled_from("0123"),
    "child": st.sampled_from("0123"),
    "oda": st.sampled_from(words.ANSWERS),
    "level": st.sampled_from(words.LEVELS),
    "region": st.sampled_from(REGIONS),
    "merit": st.one_of(st.sampled_from(("0", "50", "66.6667", "100")), st.integers(0, 10**6).map(_merit_text)),
    "request": identifiers.map(words.folded),
}


@st.composite
def parts(draw):
    attribute = draw(st.sampled_from(words.ATTRIBUTES))
    numeric = attribute in words.NUMERIC
    operator = draw(st.sampled_from(words.OPERATORS if numeric else words.OPERATORS[:2]))
    count = 1 if operator in (">=", "<=") else 3
    return part_of(attribute, operator, draw(st.lists(values[attribute], min_size=1, max_size=count)))


terms = st.lists(parts(), max_size=4).map(terms_of)

shared = st.lists(st.sampled_from(COUNTRIES), min_size=2, max_size=3, unique=True).map(
    lambda codes: "|".join(
        f"{code}:{share}" for code, share in zip(codes, {2: (60, 40), 3: (50, 25.5, 24.5)}[len(codes)], strict=True)
    )
)
cells = st.one_of(
    st.just(""),
    st.sampled_from(COUNTRIES),
    st.sampled_from(REGIONS),
    st.sampled_from(REGIONS).map(lambda code: regions()[code].name.upper()),
    shared,
)


def subjects(request=None):
    return st.builds(
        Subject,
        request=st.just(request) if request else identifiers,
        window=st.sampled_from(("", *words.WINDOWS)),
        country=cells,
        objectives=st.lists(st.sampled_from((1, 2, 21, 23)), max_size=3).map(tuple),
        applicant=st.one_of(st.just(""), identifiers, identifiers.map(str.upper)),
        applicant_kind=st.sampled_from(("", *KINDS)),
        gender=st.none() | st.integers(0, 3),
        human_rights=st.none() | st.integers(0, 3),
        child=st.none() | st.integers(0, 3),
        oda=st.none() | st.booleans(),
        level=st.sampled_from((None, "", *words.LEVELS)),
        merit=st.none() | merits,
    )
