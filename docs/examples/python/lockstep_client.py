"""
A client of Lockstep in Python, made from docs/sync.md alone, with the standard library alone.

One thread does everything: while a call is under way, pushes wait in their socket. `step` is called again and again; it
takes what was pushed, catches up where something is missing, and sends what waits.
"""

import http.client
import json
import os
import random
import secrets
import time
from urllib.parse import quote, urlsplit

from lockstep_socket import PROTOCOL, Closed, Socket
from lockstep_state import State

PAGE = 100
TIMELINES = 20
DRAFT = 40_000
ONLINE, OFFLINE, HOLE = 60, 10, 3


class Refused(Exception):
    def __init__(self, data):
        super().__init__(data["code"])
        self.code, self.data = data["code"], data


class Unknown(Exception):
    """No answer, or none that says what has happened: the same call again, later. `wait` in seconds, where it is told."""

    def __init__(self, wait=None):
        super().__init__("unknown")
        self.wait = wait


class Ended(Exception):
    """The session is over. `wipe`: whatever is stored on this device is to be deleted."""

    def __init__(self, wipe):
        super().__init__("ended")
        self.wipe = wipe


class Server:
    """The calls. One connection that is opened again when it is lost."""

    def __init__(self, url, cookies=None):
        self.url = url
        self.cookies = cookies or {}
        self.connection = None

    @property
    def cookie(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def call(self, procedure, input=None, post=False):
        path, body = f"/api/trpc/{procedure}", None
        headers = {"cookie": self.cookie, "x-lockstep-protocol": str(PROTOCOL)}
        if post:
            body = json.dumps(input or {}, ensure_ascii=False).encode()
            headers |= {"content-type": "application/json", "origin": self.url}
        elif input is not None:
            path += "?input=" + quote(json.dumps(input, ensure_ascii=False), safe="")
        try:
            answer = json.loads(self.exchange("POST" if post else "GET", path, body, headers))
        except (OSError, http.client.HTTPException, ValueError):
            self.hang_up()
            raise Unknown() from None
        if "result" in answer:
            return answer["result"].get("data")
        data = answer["error"]["data"]
        if data["code"] in ("unavailable", "internal", "too_costly", "version_not_served"):
            raise Unknown()
        if data["code"] == "rate_limited":
            raise Unknown(data.get("retryAfterMs", 1_000) / 1_000)
        if data["code"] == "unauthenticated":
            raise Ended(data.get("ended") == "revoked")
        raise Refused(data)

    def exchange(self, method, path, body, headers):
        if not self.connection:
            where = urlsplit(self.url)
            kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
            self.connection = kind(where.netloc, timeout=30)
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        for line in response.msg.get_all("set-cookie", []):
            name, value = line.split(";", 1)[0].split("=", 1)
            self.cookies[name] = value
        return response.read()

    def hang_up(self):
        if self.connection:
            self.connection.close()
        self.connection = None


def uuid7():
    digits = f"{time.time_ns() // 1_000_000:012x}7{secrets.token_hex(2)[1:]}{8 + secrets.randbelow(4):x}{secrets.token_hex(8)[1:]}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


class Client:
    make_socket = Socket

    def __init__(self, server, state, path=None):
        self.server = server
        self.state = state
        # Where everything is stored; None keeps it in memory.
        self.path = path
        self.saved = ""
        self.socket = None
        self.ready = False
        self.failures = 0
        self.connect_at = 0.0
        self.catch_up_at = 0.0
        self.idle_until = 0.0

    @classmethod
    def sign_in(cls, server, email, password, path=None):
        me = server.call("auth.signIn", {"email": email, "password": password}, post=True)
        return cls(server, State(me["id"]), path)

    @classmethod
    def from_disk(cls, server, path):
        with open(path, encoding="utf-8") as file:
            return cls(server, State.load(file.read()), path)

    def save(self):
        text = self.state.dump() if self.path else self.saved
        if text == self.saved:
            return
        with open(self.path + ".new", "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(self.path + ".new", self.path)
        self.saved = text

    # What its person does. Everything waits in the outbox, on disk before it goes out.

    def write(self, procedure, **input):
        self.state.outbox.append({"procedure": procedure, "input": input})
        self.save()

    def send(self, id, body, **more):
        self.state.sent(id, body)
        self.write("messages.send", conversationId=id, clientId=uuid7(), body=body, **more)

    def edit(self, id, seq, body):
        self.write("messages.edit", conversationId=id, seq=seq, body=body)

    def recall(self, id, seq):
        self.write("messages.recall", conversationId=id, seq=seq)

    def read(self, id, seq):
        self.write("sync.read", conversationId=id, seq=seq)

    def personal(self, id, **change):
        self.write("sync.personal", conversationId=id, **change)

    def rename(self, id, title):
        self.write("conversations.rename", conversationId=id, title=title)

    def composer(self, id):
        return self.state.composer(id)

    def type(self, id, text):
        self.state.type(id, text)
        self.save()

    def open(self, id):
        """Holds its newest messages from now on. Raises Unknown."""
        if id in self.state.entries and id not in self.state.timelines:
            # A page is as new as the moment it was asked for: the head that is known before is in it.
            rev = self.state.entries[id]["conversation"]["headRev"]
            self.unless_gone(id, lambda id: self.newest(id, rev))
            self.state.behind.add(id)

    # What it does by itself

    def step(self, seconds=0.05):
        """Raises Ended."""
        try:
            self.take_pushes(seconds)
            now = time.monotonic()
            if now < self.idle_until:
                return
            if self.state.pull_inbox:
                self.catch_up_at = min(self.catch_up_at, now + HOLE)
            if now >= self.catch_up_at:
                self.catch_up()
            self.repair()
            self.send_waiting()
            self.failures = 0
        except Unknown as unknown:
            self.idle_until = time.monotonic() + (unknown.wait or self.pause())
        except Ended as ended:
            if ended.wipe and self.path and os.path.exists(self.path):
                os.remove(self.path)
            raise
        finally:
            self.save()

    def pause(self):
        self.failures += 1
        return 0.1 + random.random() * min(30, 2 ** (self.failures - 1))

    def take_pushes(self, seconds):
        try:
            if not self.socket and time.monotonic() >= self.connect_at:
                self.socket = self.make_socket(self.server.url, self.server.cookie)
            if not self.socket:
                time.sleep(seconds)
                return
            for name, payload in self.socket.poll(seconds):
                self.take(name, payload)
        except Closed as closed:
            self.hang_up()
            code = closed.data.get("code")
            if code in ("unauthenticated", "wrong_origin"):
                raise Ended(closed.data.get("ended") == "revoked") from None
            # Too many sockets: by calls alone, for long.
            self.connect_at = time.monotonic() + (600 if code == "limit_reached" else self.pause())

    def hang_up(self):
        if self.socket:
            self.socket.close()
        self.socket, self.ready = None, False
        self.catch_up_at = min(self.catch_up_at, time.monotonic() + OFFLINE)

    def take(self, name, payload):
        if name == "ready":
            self.ready, self.catch_up_at = True, 0
        elif name == "changes":
            for event in payload:
                self.state.apply(event)
        elif name == "inbox":
            self.state.take_moved(payload["entry"])
        elif name == "people":
            self.state.take_people(payload)
        elif name == "ended":
            raise Ended(payload["reason"] in ("signed_out", "revoked"))

    def ask(self, procedure, **input):
        return self.server.call(procedure, input)

    def catch_up(self):
        state = self.state
        state.pull_inbox = False
        more = True
        while more:
            after = state.pos
            held = [{"conversationId": id, "afterRev": one["rev"]} for id, one in state.timelines.items()]
            page = self.ask("sync.inbox", afterPos=after, timelines=held[:TIMELINES], peopleRev=state.people_rev)
            if state.is_other_generation(page):
                continue
            state.take_page(page, after)
            self.take_people(page["peopleChanges"])
            more = page["more"]
        for id, timeline in state.timelines.items():
            if id in state.entries and state.entries[id]["conversation"]["headRev"] != timeline["rev"]:
                state.behind.add(id)
        self.catch_up_at = time.monotonic() + (ONLINE if self.ready else OFFLINE)

    def take_people(self, changes):
        state = self.state
        if changes["reset"]:
            ids = list(state.people)
            for i in range(0, len(ids), PAGE):
                for person in self.ask("people.get", userIds=ids[i : i + PAGE]):
                    state.people[person["id"]] = person
            state.people_rev = changes["to"]
            return
        state.take_people(changes)
        if changes["more"]:
            self.take_people(self.ask("people.changes", afterRev=changes["to"]))

    def repair(self):
        for id in list(self.state.behind):
            self.unless_gone(id, self.pull)
            self.state.behind.discard(id)
        for id in list(self.state.stale):
            self.unless_gone(id, lambda id: self.state.merge(self.ask("conversations.get", conversationId=id)))
            self.state.stale.discard(id)

    def unless_gone(self, id, work):
        try:
            work(id)
        except Refused as refused:
            if refused.code != "not_found":
                raise
            self.state.leave(id)

    def pull(self, id):
        """What changed after the applied `rev`: gathered up to the head, and only then applied."""
        if id not in self.state.timelines:
            return
        changed, after, done = {}, self.state.timelines[id]["rev"], False
        while not done:
            page = self.ask("sync.changes", conversationId=id, afterRev=after, limit=PAGE)
            if page["reset"]:
                self.newest(id, page["to"])
                changed = {}
            changed |= {message["seq"]: message for message in page["messages"]}
            after = page["to"]
            done = not page["reset"] and after == page["headRev"]
        self.state.lay(id, changed.values(), after)

    def newest(self, id, rev):
        page = self.ask("messages.before", conversationId=id, limit=PAGE)
        self.state.timelines[id] = {"rev": rev, "messages": page["messages"]}

    def send_waiting(self):
        """One write of a conversation at a time, in order. What has no answer stays, and so does what follows it."""
        for item in list(self.state.outbox):
            if item not in self.state.outbox:
                # A push has brought it.
                continue
            try:
                self.settle(item, self.server.call(item["procedure"], item["input"], post=True))
            except Refused as refused:
                self.state.failed.append(item | {"code": refused.code})
                self.state.stale.add(item["input"]["conversationId"])
            if item in self.state.outbox:
                self.state.outbox.remove(item)
        for id in list(self.state.drafts):
            self.send_draft(id)

    def settle(self, item, answer):
        id = item["input"]["conversationId"]
        if item["procedure"].startswith("messages."):
            self.state.apply({"conversationId": id, "messages": [answer]})
        elif item["procedure"].startswith("sync."):
            self.state.merge(answer)
        else:
            # A conversation as it is now: the messages that tell of it come like any.
            self.state.behind.add(id)
            self.state.stale.add(id)

    def send_draft(self, id):
        draft = self.state.drafts[id]
        text = draft["text"]
        if text == draft["base"] and not draft["tried"]:
            del self.state.drafts[id]
            return
        if id not in self.state.entries or len(text) > DRAFT:
            return
        if text not in draft["tried"]:
            draft["tried"].append(text)
            self.save()
        input = {"conversationId": id, "text": text, "baseVersion": draft["version"]}
        try:
            self.state.settle_draft(id, text, self.server.call("sync.draft", input, post=True))
        except Refused as refused:
            if refused.code != "not_found":
                raise
            self.state.leave(id)
