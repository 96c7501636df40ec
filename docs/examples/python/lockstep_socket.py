"""Socket.IO 4 over one WebSocket: as much of both as docs/sync.md needs, with the standard library alone."""

import base64
import json
import os
import select
import socket
import ssl
import struct
from urllib.parse import urlsplit


# Version of the protocol that this client speaks.
PROTOCOL = 4


class Closed(Exception):
    """The connection is gone; `data` says why the server refused it, where it did."""

    def __init__(self, data=None):
        super().__init__(str(data))
        self.data = data or {}


class Socket:
    """Connected when made; `poll` gives the events that have come."""

    def __init__(self, url, cookie, timeout=10):
        where = urlsplit(url)
        port = where.port or (443 if where.scheme == "https" else 80)
        self.buffer = b""
        self.parts = b""
        try:
            self.raw = socket.create_connection((where.hostname, port), timeout)
            if where.scheme == "https":
                self.raw = ssl.create_default_context().wrap_socket(self.raw, server_hostname=where.hostname)
            self._upgrade(where.netloc, url, cookie)
        except OSError as error:
            raise Closed() from error
        # "40" asks for the main namespace; the server answers with "40" or with the refusal "44".
        self._send(b"40" + json.dumps({"protocol": PROTOCOL}).encode())

    def _upgrade(self, host, origin, cookie):
        lines = [
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
            f"Host: {host}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            "Sec-WebSocket-Version: 13",
            f"Origin: {origin}",
            f"Cookie: {cookie}",
        ]
        self.raw.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.buffer:
            self._receive()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n", 1)[0]:
            raise Closed()

    def _receive(self):
        data = self.raw.recv(65_536)
        if not data:
            raise Closed()
        self.buffer += data

    def _send(self, data, opcode=1):
        """One frame; a client masks what it sends (RFC 6455)."""
        mask = os.urandom(4)
        size = len(data)
        head = bytes([0x80 | opcode])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 65_536:
            head += struct.pack("!BH", 0x80 | 126, size)
        else:
            head += struct.pack("!BQ", 0x80 | 127, size)
        try:
            self.raw.sendall(head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(data)))
        except OSError as error:
            raise Closed() from error

    def _frame(self):
        """The next frame of the buffer as (final, opcode, data); None where it is not all there yet."""
        if len(self.buffer) < 2:
            return None
        size, at = self.buffer[1] & 0x7F, 2
        if size >= 126:
            wide = 2 if size == 126 else 8
            at += wide
            if len(self.buffer) < at:
                return None
            size = int.from_bytes(self.buffer[2:at], "big")
        if len(self.buffer) < at + size:
            return None
        first, data = self.buffer[0], self.buffer[at : at + size]
        self.buffer = self.buffer[at + size :]
        return first & 0x80, first & 0x0F, data

    def poll(self, seconds):
        """Events (name, payload) that have come; waits so long for the first. Raises Closed."""
        try:
            pending = getattr(self.raw, "pending", lambda: 0)()
            if pending or select.select([self.raw], [], [], seconds)[0]:
                self._receive()
        except (OSError, ValueError) as error:
            raise Closed() from error
        events = []
        while frame := self._frame():
            final, opcode, data = frame
            if opcode == 8:
                raise Closed()
            if opcode == 9:
                self._send(data, 10)
            elif opcode in (0, 1):
                self.parts += data
                if final:
                    text, self.parts = self.parts.decode(), b""
                    events += self._packet(text)
        return events

    def _packet(self, text):
        """Engine.IO: 2 is a ping, 4 a message. Socket.IO in it: 2 is an event, 4 a refusal, 1 the end."""
        if text.startswith("2"):
            self._send(b"3")
        elif text.startswith("42"):
            name, *payload = json.loads(text[2:])
            return [(name, payload[0] if payload else None)]
        elif text.startswith("44"):
            raise Closed(json.loads(text[2:]).get("data"))
        elif text.startswith(("41", "1")):
            raise Closed()
        return []

    def emit(self, name, payload):
        self._send(("42" + json.dumps([name, payload])).encode())

    def close(self):
        self.raw.close()
