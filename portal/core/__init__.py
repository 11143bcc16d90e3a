"""What every room stands on: database base, unit of work, clock, working days, errors."""
