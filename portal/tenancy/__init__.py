"""Tenants (cơ quan, đơn vị): their kinds, the capacities they hold, and who succeeds whom."""
