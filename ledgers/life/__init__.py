"""What people decide beside moving money: periods, closings, flags, overrides, extensions, appeals."""
