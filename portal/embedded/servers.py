"""Both embedded servers as one thing to start, watch and stop."""

from __future__ import annotations

import contextlib

from portal.embedded import postgres, redis
from portal.embedded.places import Places, prepare
from portal.embedded.process import Child


class Servers:
    """The embedded servers of one data folder, whose lock the caller holds."""

    def __init__(
        self,
        where: Places,
        *,
        with_postgres: bool = True,
        with_redis: bool = True,
        durable: bool = True,
    ) -> None:
        self.where = where
        self._postgres = with_postgres
        self._redis = with_redis
        self._durable = durable
        self.children: list[Child] = []

    def start(self) -> None:
        """Start both (orphans of a killed portal are stopped first); ready when this returns."""
        prepare(self.where)
        try:
            if self._redis:
                self.children.append(redis.launch(self.where))
            if self._postgres:
                self.children.append(postgres.launch(self.where, durable=self._durable))
            for child in self.children:
                if child.name == "redis":
                    redis.await_ready(self.where, child)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop both: PostgreSQL by a fast shutdown."""
        for child in self.children:
            child.signal_stop()
        for child in self.children:
            child.finish()
        self.children.clear()
        if self.where.sockets.parent != self.where.home:
            with contextlib.suppress(OSError):
                self.where.sockets.rmdir()

    def restart(self, dead: Child) -> None:
        """Start a server again that died."""
        dead.finish(0)
        if dead.name == "redis":
            fresh = redis.launch(self.where)
            redis.await_ready(self.where, fresh)
        else:
            fresh = postgres.launch(self.where, durable=self._durable)
        self.children[self.children.index(dead)] = fresh
