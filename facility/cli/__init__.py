"""The command line: one noun a module, no logic. The only place that knows typer and rich."""
