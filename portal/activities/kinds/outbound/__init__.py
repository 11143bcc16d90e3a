"""Outbound delegations (đoàn ra)."""
