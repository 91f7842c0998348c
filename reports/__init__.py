"""What leaves the facility: one report a module, each read from the `report.*` views."""
