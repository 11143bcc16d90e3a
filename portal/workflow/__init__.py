"""How a file moves: transition tables as data, open tasks with their clocks, the timeline."""
