"""The book of a financing facility: what came in, under which terms, and where every cent went."""
