"""
Drives the client as a careless person with a bad network would, all of it from one seed. Reads orders from the standard
input, one JSON object a line, and answers each with one. apps/web/test/sync/python-client runs it beside our own client.

Orders: {"run": n} does n things; {"settle": true} lets it come to rest on a good network and answers with its digest.
"""

import json
import random
import socket
import struct
import sys

from lockstep_client import Client, Server, Unknown
from lockstep_socket import Closed, Socket

FOREVER = 253_402_300_799_999


class Weather:
    """What may happen to a call or a push, and whether it does."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.bad = True
        self.seen = {}

    def happens(self, what, chance):
        happened = self.bad and self.random.random() < chance
        if happened:
            self.seen[what] = self.seen.get(what, 0) + 1
        return happened


class BadServer(Server):
    def __init__(self, url, weather):
        super().__init__(url)
        self.weather = weather

    def exchange(self, method, path, body, headers):
        if self.weather.happens("call lost", 0.04):
            raise OSError("lost on the way")
        if self.weather.happens("call doubled", 0.05):
            super().exchange(method, path, body, headers)
        if self.weather.happens("call reset", 0.03):
            self.reset(method, path, body, headers)
        answer = super().exchange(method, path, body, headers)
        if self.weather.happens("answer lost", 0.06):
            raise OSError("answer lost")
        return answer

    def reset(self, method, path, body, headers):
        """The call is out, and the connection is torn down before the answer."""
        if self.connection and self.connection.sock:
            self.connection.request(method, path, body, headers)
            tear_down(self.connection.sock)
        raise OSError("reset")


def tear_down(raw):
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raw.close()


class Robot:
    def __init__(self, order):
        self.weather = Weather(order["seed"])
        self.random = self.weather.random
        self.url = order["url"]
        self.path = order["path"]
        self.sent = 0
        server = BadServer(self.url, self.weather)
        self.weather.bad = False
        self.client = self.watch(Client.sign_in(server, order["email"], order["password"], self.path))
        self.settle()
        self.weather.bad = True

    def watch(self, client):
        weather = self.weather

        class BadSocket(Socket):
            def poll(self, seconds):
                if weather.happens("socket reset", 0.02):
                    tear_down(self.raw)
                    raise Closed()
                return [event for event in super().poll(seconds) if not self.lost(event)]

            def lost(self, event):
                return event[0] not in ("ready", "ended") and weather.happens("push lost", 0.2)

        client.make_socket = BadSocket
        return client

    def text(self):
        self.sent += 1
        word = self.random.choice(["tea", "café ☕", "<b>&\"'", "日本語", "two\nlines", "  spaces  ", "🇨🇭"])
        return f"{word} {self.sent}"

    def act(self):
        client, state = self.client, self.client.state
        if not state.entries:
            return
        id = self.random.choice(sorted(state.entries))
        head = state.entries[id]["conversation"]["headSeq"]
        messages = state.timelines.get(id, {"messages": []})["messages"]
        own = [m for m in messages if m["senderId"] == state.user_id and m["state"] == "live"]
        what = self.random.choices(
            ["send", "edit", "recall", "read", "personal", "type", "clear", "sendDraft", "rename", "open", "restart"],
            [22, 12, 6, 14, 10, 16, 3, 8, 4, 6, 1],
        )[0]
        if what == "send":
            client.send(id, self.text())
        elif what == "edit" and own:
            client.edit(id, self.random.choice(own)["seq"], self.text())
        elif what == "recall" and own:
            client.recall(id, self.random.choice(own)["seq"])
        elif what == "read":
            client.read(id, self.random.randint(0, head + 2))
        elif what == "personal":
            client.personal(id, **self.random.choice([
                {"markedUnread": True}, {"markedUnread": False}, {"pinned": True}, {"pinned": False}, {"archived": True},
                {"archived": False}, {"mutedUntil": FOREVER}, {"mutedUntil": None}, {"placeSeq": self.random.randint(0, head)},
                {"placeSeq": None},
            ]))
        elif what == "type":
            client.type(id, (client.composer(id) + self.random.choice([" ", "\n"]) + self.text()).strip())
        elif what == "clear" and client.composer(id):
            client.type(id, "")
        elif what == "sendDraft" and client.composer(id).strip():
            client.send(id, client.composer(id))
        elif what == "rename" and state.entries[id]["conversation"]["kind"] != "direct":
            client.rename(id, f"Title {self.text()}".replace("\n", " "))
        elif what == "open":
            try:
                client.open(id)
            except Unknown:
                pass
        elif what == "restart":
            self.restart()

    def restart(self):
        """As after a crash: from what is on disk, with the cookie of the session."""
        self.client.hang_up()
        server = BadServer(self.url, self.weather)
        server.cookies = self.client.server.cookies
        self.client.server.hang_up()
        self.client = self.watch(Client.from_disk(server, self.path))
        self.weather.seen["restart"] = self.weather.seen.get("restart", 0) + 1

    def run(self, count):
        for _ in range(count):
            self.act()
            # The network is bad, not slow: nobody waits for the next try.
            self.client.idle_until = self.client.connect_at = 0
            self.client.step(self.random.choice([0, 0, 0.005, 0.02]))

    def settle(self):
        """On a good network: all it knows of is fetched, all that waits is sent, and then it catches up once more."""
        was, self.weather.bad = self.weather.bad, False
        client, state = self.client, self.client.state
        rounds = 0
        for rounds in range(1, 200):
            client.idle_until = client.connect_at = client.catch_up_at = 0
            client.step(0.01)
            waits = [state.outbox, state.drafts, state.stale, state.behind]
            if client.ready and rounds > 2 and not any(waits) and not state.pull_inbox:
                break
        self.weather.bad = was
        digest = state.digest()
        return digest | {
            "rounds": rounds,
            "waits": [len(held) for held in (state.outbox, state.drafts, state.stale, state.behind)],
            "failed": [item["code"] for item in state.failed],
            "weather": self.weather.seen,
            "entries": state.entries,
        }


def main():
    robot = None
    for line in sys.stdin:
        order = json.loads(line)
        if "url" in order:
            robot, answer = Robot(order), {}
        elif "run" in order:
            answer = robot.run(order["run"]) or {}
        else:
            answer = robot.settle()
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
