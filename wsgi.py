"""The WSGI application for a production server: `gunicorn wsgi:app` or `granian wsgi:app`."""

from portal.factory import create_app

app = create_app()
