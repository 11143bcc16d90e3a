"""The programs' door: JSON under /api/v1, by a tenant's token."""
