"""`python -m portal.server.web GRANIAN-OPTIONS`: granian, whose workers fork from a loaded portal.

The portal is imported once instead of once a worker, which halves the start and shares memory.
Nothing is connected before the fork: database and Redis connect on first use.
"""

from __future__ import annotations

import gc

from granian.cli import entrypoint

import wsgi  # noqa: F401 (loaded before the workers fork)

if __name__ == "__main__":
    gc.freeze()
    entrypoint()
