"""Proof in rational arithmetic that no awards under the rules are better than a bound.

`statement` holds what prices prove, `relaxed` proposes prices, `tree` branches, `certify` writes the certificate.
"""

from allocation.certificate.certify import Certificate, certified

__all__ = ["Certificate", "certified"]
