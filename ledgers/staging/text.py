"""Bytes of a text file become text, or every line that is not UTF-8."""

from __future__ import annotations

from ledgers.errors import InputRefused
from ledgers.staging.findings import Fault, finding


def utf8_text(content: bytes, file: str) -> str:
    """Return the text of a UTF-8 file, without its byte-order mark.

    Raises:
        InputRefused: some lines are not UTF-8; each is named with its first bad byte.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    findings = []
    for line, part in enumerate(content.split(b"\n"), start=1):
        try:
            part.decode("utf-8")
        except UnicodeDecodeError as error:
            byte = part[error.start]
            fault = Fault(
                "file-not-utf8",
                f"byte {error.start + 1} of the line is 0x{byte:02X}, which is not UTF-8 here",
                "save the file as UTF-8 (in Excel: CSV UTF-8)",
            )
            findings.append(
                finding(fault, file, line=line, value=part[max(0, error.start - 20) :][:40].decode("latin-1"))
            )
    raise InputRefused(findings)
