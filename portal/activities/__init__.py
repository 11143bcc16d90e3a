"""Foreign-affairs activities: what tenants propose, carry out and report."""
