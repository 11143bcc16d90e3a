"""Dashboards and desks: what waits for whom. They read; only notifications are theirs."""
