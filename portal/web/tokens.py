"""The token that every form carries.

A room of its own for the factory's list, after the guard: somebody whose session ended in the
middle of a form is told about the session, not about a token. Without it no page with a form can be
shown.
"""

from __future__ import annotations

from typing import Final

from flask import Flask
from flask_wtf.csrf import CSRFProtect

csrf: Final = CSRFProtect()


def init_app(app: Flask) -> None:
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # the end of the session is the limit
    csrf.init_app(app)
