"""Oversight: exceptions, signals of evasion, the inspector's pack. It reads all, blocks nobody."""
