"""The Foreign Affairs Portal of a Vietnamese province. Importing this package costs nothing."""

__version__ = "0.1.0"
