"""Work outside a request: deliver, remind, sweep. Thin: the rooms' services do it."""
