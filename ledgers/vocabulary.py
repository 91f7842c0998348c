"""Words that files, terms and policies share; a leaf, so that a command that needs no terms does not load them.

Source: the facility's own list.
"""

from __future__ import annotations

WINDOWS = ("integration", "institutions", "diaspora")
LEVELS = ("local", "national", "regional", "global")

APPLICANT_KINDS = (
    "national_government",
    "city",
    "subnational_region",
    "ngo",
    "migrant_association",
    "diaspora_organisation",
    "national_human_rights_institution",
    "parliament",
    "academia",
    "foundation",
    "faith_based",
    "media",
    "trade_union",
    "employers",
    "private_sector",
    "international_organisation",
    "regional_body",
)
