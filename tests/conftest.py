"""What all tests share; the fixtures with a database live in tests/support/fixtures.py."""

pytest_plugins = ["tests.support.fixtures"]
