"""The job bell: tells a worker that the outbox has something. Losing a ring only costs seconds."""

from rq import Queue

from portal.extensions import redis

QUEUE = "portal"
"""The only queue; a worker listens to exactly one (RQ moves jobs safely only then)."""

DELIVER = "portal.jobs.deliver.deliver_waiting"


def ring() -> None:
    """Wake the worker."""
    Queue(QUEUE, connection=redis()).enqueue(DELIVER, result_ttl=0, failure_ttl=3600)
