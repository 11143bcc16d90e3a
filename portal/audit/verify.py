"""Does every chain hold from its first link to its head? Names the first link that does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from portal.audit.links import GENESIS, Link

Heads = Mapping[int, tuple[int, bytes]]
"""Chain → (number of its last link, hash of its last link)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The first link of a chain that does not hold."""

    chain: int
    seq: int
    what: str

    def __str__(self) -> str:
        return f"chain {self.chain}, entry {self.seq}: {self.what}"


@dataclass(slots=True)
class Report:
    """What was looked at and what was found."""

    chains: int = 0
    entries: int = 0
    faults: list[Fault] = field(default_factory=list)


def check(
    links: Iterable[Link],
    heads: Heads,
    checkpoint: Heads | None = None,
    *,
    before: Heads | None = None,
) -> Report:
    """Follow `links` (by chain, then by number) up to `heads`.

    With an earlier `checkpoint` also: whether the log still contains what it contained then. Of
    each chain only the first fault is told, because all that follows it hangs on nothing.
    `before`: the link that the first one of a chain follows, where the chain is not whole.
    """
    starts = before or {}
    report = Report()
    seen: set[int] = set()
    sealed = checkpoint or {}
    chain: int | None = None
    seq, last, broken, sealed_seq = 0, GENESIS, False, 0
    for link in links:
        report.entries += 1
        if link[0] != chain:
            if chain is not None and not broken:
                _check_end(report, chain, seq, last, heads, sealed)
            chain = link[0]
            seen.add(chain)
            (seq, last), broken = starts.get(chain, (0, GENESIS)), False
            sealed_seq = sealed[chain][0] if chain in sealed else 0
        if broken:
            continue
        digest = sha256(link[4]).hexdigest().encode()
        seq += 1
        if link[1] != seq or link[2] != last or link[3] != digest:
            report.faults.append(_fault(link, seq, last))
            broken = True
        elif seq == sealed_seq and digest != sealed[chain][1]:
            report.faults.append(Fault(chain, seq, "differs from the checkpoint; rewritten"))
            broken = True
        last = digest
    if chain is not None and not broken:
        _check_end(report, chain, seq, last, heads, sealed)
    for missing in sorted((heads.keys() | sealed.keys()) - seen):
        _check_end(report, missing, 0, GENESIS, heads, sealed)
    report.chains = len(seen | heads.keys())
    report.faults.sort(key=lambda fault: fault.chain)
    return report


def _fault(link: Link, expected: int, last: bytes) -> Fault:
    if link.seq > expected:
        return Fault(link.chain, expected, f"removed ({_missing(expected, link.seq - 1)})")
    if link.seq < expected:
        return Fault(link.chain, link.seq, "is there twice or out of order")
    if link.prev != last:
        return Fault(link.chain, link.seq, "does not follow the entry before it; moved or replaced")
    return Fault(link.chain, link.seq, "altered; its content does not match its hash")


def _missing(first: int, last: int) -> str:
    return f"{first} to {last} are missing" if last > first else f"{first} is missing"


def _check_end(
    report: Report, chain: int, seq: int, last: bytes, heads: Heads, sealed: Heads
) -> None:
    """Compare the end of a chain with its head and with the checkpoint."""
    head_seq, head_hash = heads.get(chain, (0, GENESIS))
    sealed_seq = sealed.get(chain, (0, GENESIS))[0]
    if max(head_seq, sealed_seq) > seq:
        cut = _missing(seq + 1, max(head_seq, sealed_seq))
        report.faults.append(Fault(chain, seq + 1, f"removed from the end ({cut})"))
    elif head_seq < seq:
        report.faults.append(Fault(chain, head_seq + 1, "stands behind the head of its chain"))
    elif head_hash != last:
        report.faults.append(Fault(chain, seq, "is not the one that the head of its chain names"))
