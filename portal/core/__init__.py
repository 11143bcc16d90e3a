"""What every room stands on: clock, context, errors, unit of work. Knows no request, no page."""
