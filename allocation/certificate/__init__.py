"""Proof in rational arithmetic that no awards under the rules are better than a bound."""
