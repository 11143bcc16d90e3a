"""Servers that only say how old they are."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def old_postgres(version: str) -> Iterator[str]:
    """A PostgreSQL that lets anybody in, reports `version` and then knows nothing more."""

    def message(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("!i", len(body) + 4) + body

    def talk(client: socket.socket) -> None:
        while True:
            (length,) = struct.unpack("!i", client.recv(4))
            body = client.recv(length - 4)
            if struct.unpack("!i", body[:4])[0] == 196608:
                break
            client.sendall(b"N")  # no TLS, no GSS
        client.sendall(
            message(b"R", struct.pack("!i", 0))
            + message(b"S", b"server_version\0" + version.encode() + b"\0")
            + message(b"S", b"client_encoding\0UTF8\0")
            + message(b"K", struct.pack("!ii", 1, 1))
            + message(b"Z", b"I")
        )
        client.recv(100)

    with _serving(talk) as port:
        yield f"postgresql+psycopg://x@127.0.0.1:{port}/x"


@contextmanager
def old_redis(version: str) -> Iterator[str]:
    """A Redis whose every answer is its version, OK to all else."""
    info = f"# Server\r\nredis_version:{version}\r\n".encode()

    def talk(client: socket.socket) -> None:
        while asked := client.recv(4096):
            for _ in range(asked.upper().count(b"CLIENT") + asked.upper().count(b"HELLO")):
                client.sendall(b"+OK\r\n")
            if b"INFO" in asked.upper() and b"SETINFO" not in asked.upper():
                client.sendall(b"$%d\r\n%s\r\n" % (len(info), info))

    with _serving(talk) as port:
        yield f"redis://127.0.0.1:{port}?protocol=2"


@contextmanager
def _serving(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            with suppress(OSError, struct.error):
                while True:
                    client, _ = listener.accept()
                    with client, suppress(OSError, struct.error):
                        talk(client)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)
