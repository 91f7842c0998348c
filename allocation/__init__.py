"""The allocation engine: a `Problem` in, a verified `Decision` out. Pure: no database, no clock, no files."""
