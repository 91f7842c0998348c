"""Countries, dated country groups and UN M49 regions: one answer for one date."""

from ledgers.places.dated import Places, PlaceUnknown, canonical_code
from ledgers.places.tables import country_rows, group_rows, region_rows

__all__ = ["PlaceUnknown", "Places", "canonical_code", "country_rows", "group_rows", "region_rows"]
