"""What can go wrong with the demo."""


class DemoError(Exception):
    """The demo's script does something that the portal does not allow: a bug in the demo."""
