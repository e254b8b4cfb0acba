"""The web server's worker: gunicorn's threads, each given a request only when all of it is there.

Here: reading requests and hanging up in the one loop that waits for every socket, so that slow
clients hold no thread; how long and how much is waited for. Not here: what a request says
(gunicorn's parser), who starts the server (serve).
"""

from __future__ import annotations

import errno
import re
import selectors
import socket
import time
from dataclasses import dataclass
from functools import partial
from typing import Any

from gunicorn import http, util
from gunicorn.workers.gthread import TConn, ThreadWorker

from config import MAX_BODY, MAX_UPLOAD

HEAD_PATIENCE, BODY_PATIENCE, SEND_PATIENCE, LINGER = 10.0, 30.0, 30.0, 2.0
"""Seconds for the head of a request, for all of it, for each part of the answer, and for the client
to hang up after the last one."""
LONGEST_HEAD = 64 * 1024
MOST_BUFFERED = 64 * 1024 * 1024
"""Bytes of unfinished requests in one process; the oldest one gives way."""
TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n"
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"
LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,15})[ \t]*\r?$", re.I | re.M)
FRAMING = re.compile(rb"^(?:transfer-encoding|content-length)[ \t]*:", re.I | re.M)
CHUNKED = re.compile(rb"^transfer-encoding:[ \t]*chunked[ \t]*\r?$", re.I | re.M)
LAST_CHUNK = re.compile(rb"(?:^|\r\n)0+(?:;[^\r\n]*)?\r\n(?:[^\r\n]+\r\n)*\r\n\Z")
UPLOADS = re.compile(rb"POST /o/[^/ ]{1,64}/members/import/ ")
EXPECTS = re.compile(rb"^expect:[ \t]*100-continue", re.I | re.M)


@dataclass
class Waiting:
    """A connection that the loop watches: what it has sent, and until when more is waited for."""

    deadline: float
    sent: bytearray
    head: int = 0
    """Where the body begins; 0 while the head is not complete."""

    def look_for_head(self) -> bool:
        """Whether the head has just been completed."""
        if self.head:
            return False
        self.head = self.sent.find(b"\r\n\r\n") + 4 if b"\r\n\r\n" in self.sent else 0
        return bool(self.head)

    def is_whole(self) -> bool:
        """Whether nothing more of the request is to come, or the parser refuses it as it stands."""
        if not self.head:
            return False
        head = bytes(self.sent[: self.head])
        length, framing = LENGTH.search(head), len(FRAMING.findall(head))
        if framing == 1 and CHUNKED.search(head):
            return (
                LAST_CHUNK.search(self.sent, max(self.head - 2, len(self.sent) - 8192)) is not None
            )
        if framing == 1 and length and int(length[1]) <= self.most:
            return len(self.sent) - self.head >= int(length[1])
        return True

    def is_too_much(self) -> bool:
        """Whether more is announced or sent than any page takes: it is refused unread."""
        length = LENGTH.search(bytes(self.sent[: self.head]))
        return (
            bool(length and int(length[1]) > self.most) or len(self.sent) > self.most + LONGEST_HEAD
        )

    @property
    def most(self) -> int:
        """Bytes of the longest body that its address takes."""
        return MAX_UPLOAD if UPLOADS.match(self.sent) else MAX_BODY


class Connection(TConn):
    """A connection whose end the loop waits for, too."""

    worker: BufferedWorker
    is_last = False

    def close(self, graceful: bool = False) -> None:
        """Hang up: at once, or when the client has read the answer."""
        if graceful:
            self.worker.linger(self)
        else:
            super().close()


class BufferedWorker(ThreadWorker):
    """gunicorn's gthread worker that reads requests before it gives them to its threads."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.reading: dict[Connection, Waiting] = {}
        self.lingering: dict[Connection, Waiting] = {}

    def accept(self, listener: socket.socket) -> None:
        """Take a connection; the oldest unfinished request gives way where there are too many."""
        try:
            sock, client = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._give_way()
            elif error.errno not in (errno.EAGAIN, errno.ECONNABORTED):
                raise
            return
        self.nr_conns += 1
        connection = Connection(self.cfg, sock, client, listener.getsockname())
        connection.worker = self
        if self.nr_conns > self.worker_connections * 9 // 10:
            self._give_way()
        self.enqueue_req(connection)

    def enqueue_req(self, conn: Connection) -> None:
        """Read a request; only a whole one takes a thread."""
        ahead = conn.parser.unreader.take_buffered() if conn.parser else b""
        waiting = Waiting(time.monotonic() + HEAD_PATIENCE, bytearray())
        self._watch(conn, self.reading, waiting, self._read)
        self._add(conn, waiting, ahead)

    def linger(self, conn: Connection) -> None:
        """Say that nothing more comes, and wait without a thread for the client to hang up."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            conn.close()
            return
        waiting = Waiting(time.monotonic() + LINGER, bytearray())
        self._watch(conn, self.lingering, waiting, self._drain)
        if len(self.lingering) > self.worker_connections // 4:
            self._forget(next(iter(self.lingering)), self.lingering)

    def murder_pending(self) -> None:
        """Hang up on whoever has taken too long; gunicorn asks once a second."""
        super().murder_pending()
        now = time.monotonic()
        for watched in (self.reading, self.lingering):
            for conn in [
                connection for connection, waiting in watched.items() if waiting.deadline < now
            ]:
                self._drop(conn, watched)
        if not self.alive:
            for conn in [
                connection for connection, waiting in self.reading.items() if not waiting.sent
            ]:
                self._drop(conn, self.reading)

    def handle_request(self, req: Any, conn: Connection) -> Any:
        """Answer; a client that does not read the answer holds the thread for a while only."""
        conn.sock.settimeout(SEND_PATIENCE)
        return super().handle_request(req, conn)

    def _keepalive_after(self, conn: Connection, keepalive: Any) -> bool:
        return not conn.is_last and bool(super()._keepalive_after(conn, keepalive))

    def _watch(
        self, conn: Connection, watched: dict[Connection, Waiting], waiting: Waiting, then: Any
    ) -> None:
        conn.sock.setblocking(False)
        watched[conn] = waiting
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(then, conn))

    def _read(self, conn: Connection, _sock: object) -> None:
        sent = self._received(conn)
        if sent:
            self._add(conn, self.reading[conn], sent)
        elif sent is not None:
            self._drop(conn, self.reading)

    def _add(self, conn: Connection, waiting: Waiting, sent: bytes) -> None:
        waiting.sent += sent
        if waiting.look_for_head():
            waiting.deadline += BODY_PATIENCE - HEAD_PATIENCE
            if EXPECTS.search(bytes(waiting.sent[: waiting.head])) and not waiting.is_whole():
                conn.sock.send(GO_ON)
        if not waiting.head and len(waiting.sent) > LONGEST_HEAD:
            conn.sock.send(TOO_LONG)
            self._drop(conn, self.reading)
        elif waiting.is_whole() or waiting.is_too_much():
            conn.is_last = waiting.is_too_much()
            self._hand_over(conn, waiting)
        elif sum(len(waiting.sent) for waiting in self.reading.values()) > MOST_BUFFERED:
            self._give_way()

    def _hand_over(self, conn: Connection, waiting: Waiting) -> None:
        self._forget(conn, self.reading, close=False)
        conn.parser = conn.parser or http.get_parser(self.cfg, conn.sock, conn.client)
        conn.parser.unreader.unread(bytes(waiting.sent))
        conn.data_ready = conn.initialized = True
        super().enqueue_req(conn)

    def _drain(self, conn: Connection, _sock: object) -> None:
        waiting, sent = self.lingering[conn], self._received(conn)
        waiting.sent += b"." * len(sent or b"")
        if sent == b"" or len(waiting.sent) > LONGEST_HEAD:
            self._forget(conn, self.lingering)

    @staticmethod
    def _received(conn: Connection) -> bytes | None:
        """What a client has sent now: None for nothing, nothing for its end."""
        try:
            return bytes(conn.sock.recv(LONGEST_HEAD))
        except BlockingIOError:
            return None
        except OSError:
            return b""

    def _give_way(self) -> None:
        if self.reading:
            self._drop(next(iter(self.reading)), self.reading)

    def _drop(self, conn: Connection, watched: dict[Connection, Waiting]) -> None:
        if watched is self.reading:
            self.nr_conns -= 1
        self._forget(conn, watched)

    def _forget(
        self, conn: Connection, watched: dict[Connection, Waiting], *, close: bool = True
    ) -> None:
        del watched[conn]
        self.poller.unregister(conn.sock)
        if close:
            util.close(conn.sock)
