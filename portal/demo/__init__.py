"""The demo province: the real units of Quảng Nam in 2024, invented people, delegations.

Dated relative to today, and the same for everybody who loads it on the same day. It fills an empty
database only, in one transaction, as the application's own role under row-level security.
"""
