"""What the client holds, and what arrives does to it, by docs/sync.md. Nothing here waits for anything."""

import json
import re

UNREAD_CAP = 100
MENTIONS = 50
# Messages of one conversation that are held, the newest.
HELD = 400
MENTION = re.compile(r"<@([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})>")


def follow(messages, rev):
    """Whether they go on after `rev` without a gap."""
    return all(message["rev"] == rev + 1 + i for i, message in enumerate(messages))


def newer(one, other):
    return other if other and other["rev"] > one["rev"] else one


class State:
    def __init__(self, user_id):
        self.user_id = user_id
        self.pos = 0
        # Which history of the server's data this is of; empty before the first answer.
        self.generation = ""
        self.entries = {}
        # By conversation: {"rev", "messages"}, ascending by seq without gaps, up to the head.
        self.timelines = {}
        self.people = {}
        self.people_rev = None
        # Waiting writes in their order: {"procedure", "input"}.
        self.outbox = []
        self.failed = []
        self.drafts = {}
        # The `pos` of each removal: what is older must not bring the conversation back.
        self.left = {}
        # What has to be asked for, because what has come does not tell.
        self.stale = set()
        self.behind = set()
        self.pull_inbox = False

    SAVED = "user_id pos generation entries timelines people people_rev outbox failed drafts left".split()

    def dump(self):
        """All of it at once: `pos` is never stored before the entries that it stands for."""
        return json.dumps({name: getattr(self, name) for name in self.SAVED} | {"stale": sorted(self.stale)})

    @classmethod
    def load(cls, text):
        saved = json.loads(text)
        state = cls(saved["user_id"])
        for name in cls.SAVED:
            setattr(state, name, saved[name])
        state.stale = set(saved["stale"])
        return state

    # The inbox

    def is_other_generation(self, page):
        """Whether the server was restored since: then nothing that is held counts, and this page neither."""
        known, self.generation = self.generation, page.get("generation", self.generation)
        if known in ("", self.generation):
            return False
        self.begin_anew()
        self.people.clear()
        self.people_rev = None
        self.pos = 0
        return True

    def take_page(self, page, after):
        if page["to"] < after:
            self.begin_anew()
        self.meet(page["people"])
        for entry in page["entries"]:
            self.merge(entry)
        self.pos = page["to"] if page["to"] < after else max(self.pos, page["to"])
        for told in page["changes"]:
            self.lay(told["conversationId"], told["messages"], told["to"])

    def begin_anew(self):
        """The server was put back to an earlier time."""
        for held in (self.entries, self.timelines, self.left, self.stale, self.behind):
            held.clear()
        self.drafts = {id: draft | {"base": "", "version": -1} for id, draft in self.drafts.items()}

    def merge(self, entry):
        """An entry, by whichever way and in whichever order it came."""
        id = entry["conversation"]["id"]
        held = self.entries.get(id)
        if entry["role"] is None:
            if entry["pos"] >= (held["pos"] if held else 0):
                self.leave(id, entry["pos"])
            return
        if not held and entry["pos"] < self.left.get(id, 0):
            return
        held = held or entry
        by_pos = max(held, entry, key=lambda one: (one["pos"], one is entry))
        by_rev = max(held, entry, key=lambda one: (one["conversation"]["headRev"], one is entry))
        read_seq = max(held["readSeq"], entry["readSeq"])
        # The counts belong to a head and a read position: those of the side that has both.
        head = by_rev["conversation"]["headRev"]
        sides = [one for one in (entry, held) if (one["conversation"]["headRev"], one["readSeq"]) == (head, read_seq)]
        counts = sides[0] if sides else by_rev
        merged = by_pos | {name: by_rev[name] for name in ("conversation", "last")}
        merged |= {name: counts[name] for name in ("unread", "mentions")}
        drafts = [entry["draft"], held["draft"]]
        merged["draft"] = max(drafts, key=lambda draft: draft["version"] if draft else 0)
        merged["readSeq"] = read_seq
        self.entries[id] = merged
        raised = self.read_by_sending(merged, [merged["last"]] if merged["last"] else [])
        if (raised or not sides) and not self.count(id):
            self.stale.add(id)
        if id in self.timelines and self.timelines[id]["rev"] < head:
            self.behind.add(id)
        if id in self.drafts and merged["draft"]:
            reconcile(self.drafts[id], merged["draft"])

    def leave(self, id, pos=None):
        held = self.entries.pop(id, None)
        self.timelines.pop(id, None)
        self.stale.discard(id)
        self.behind.discard(id)
        self.left[id] = max(self.left.get(id, 0), pos if pos is not None else held["pos"] if held else 0)

    def take_moved(self, entry):
        """An `inbox` event. Where others lie between, the cursor waits for a pull."""
        self.merge(entry)
        if entry["pos"] == self.pos + 1:
            self.pos += 1
        elif entry["pos"] > self.pos:
            self.pull_inbox = True

    # Messages

    def apply(self, event):
        """A push of changes, or the message that a call has answered with."""
        id, messages = event["conversationId"], event["messages"]
        timeline, entry = self.timelines.get(id), self.entries.get(id)
        if timeline:
            news = [message for message in messages if message["rev"] > timeline["rev"]]
            if follow(news, timeline["rev"]):
                self.lay(id, news, timeline["rev"] + len(news))
            else:
                self.behind.add(id)
        if not entry:
            self.pull_inbox = True
            return
        held = entry["conversation"]
        news = [message for message in messages if message["rev"] > held["headRev"]]
        if not follow(news, held["headRev"]):
            self.stale.add(id)
        elif news:
            head_seq = max(held["headSeq"], *(message["seq"] for message in news))
            head = {"headSeq": head_seq, "headRev": news[-1]["rev"]}
            entry["conversation"] = (event.get("conversation") or held) | head
            entry["last"] = next((m for m in reversed(news) if m["seq"] == head_seq), entry["last"])
            self.read_by_sending(entry, news)
            if not self.count(id):
                self.stale.add(id)

    def lay(self, id, changed, rev):
        """Changes without a gap between them and what is applied, onto what is held."""
        timeline = self.timelines.get(id)
        if not timeline:
            return
        held = timeline["messages"]
        # By seq, not by rev: a message that was edited soon comes after the one that followed it.
        for message in sorted(changed, key=lambda one: one["seq"]):
            place = message["seq"] - (held[0]["seq"] if held else message["seq"])
            if 0 <= place < len(held):
                held[place] = newer(message, held[place])
            elif place == len(held):
                held.append(message)
            if message["senderId"] == self.user_id:
                self.outbox = [w for w in self.outbox if w["input"].get("clientId") != message["clientId"]]
        del held[:-HELD]
        timeline["rev"] = max(timeline["rev"], rev)
        entry = self.entries.get(id)
        if not entry:
            return
        self.read_by_sending(entry, changed)
        if timeline["rev"] > entry["conversation"]["headRev"]:
            self.stale.add(id)
        else:
            self.count(id)

    def read_by_sending(self, entry, messages):
        own = [m["seq"] for m in messages if m["senderId"] == self.user_id and not m["system"]]
        seq = max([entry["readSeq"], *(seq for seq in own if seq <= entry["conversation"]["headSeq"])])
        raised, entry["readSeq"] = seq > entry["readSeq"], seq
        return raised

    def count(self, id):
        """Unread and mentions from what is held. False where that does not tell."""
        entry, timeline = self.entries[id], self.timelines.get(id)
        read, head = entry["readSeq"], entry["conversation"]
        if read >= head["headSeq"]:
            unread = []
        elif timeline and timeline["rev"] == head["headRev"] and timeline["messages"][0]["seq"] <= read + 1:
            later = [m for m in timeline["messages"] if m["seq"] > read]
            unread = [m for m in later if m["senderId"] != self.user_id and m["state"] == "live"]
        else:
            return False
        mentions = [m for m in unread if self.user_id in list(dict.fromkeys(MENTION.findall(m["body"] or "")))[:MENTIONS]]
        entry["unread"], entry["mentions"] = min(len(unread), UNREAD_CAP), min(len(mentions), UNREAD_CAP)
        return True

    # People

    def meet(self, people):
        for person in people:
            if person["rev"] >= self.people.get(person["id"], {"rev": 0})["rev"]:
                self.people[person["id"]] = person

    def take_people(self, changes):
        self.meet(changes["people"])
        if changes["after"] is None:
            self.people_rev = changes["to"] if self.people_rev is None else self.people_rev
        elif self.people_rev is not None and changes["after"] <= self.people_rev:
            self.people_rev = max(self.people_rev, changes["to"])
        elif self.people_rev is not None:
            self.pull_inbox = True

    # Drafts

    def composer(self, id):
        if id in self.drafts:
            return self.drafts[id]["text"]
        return ((self.entries.get(id) or {}).get("draft") or {"text": ""})["text"]

    def type(self, id, text):
        known = (self.entries.get(id) or {}).get("draft") or {"text": "", "version": 0}
        fresh = {"base": known["text"], "version": known["version"], "tried": [], "sent": []}
        self.drafts.setdefault(id, fresh)["text"] = text

    def sent(self, id, body):
        """The composer's text is a message now: `""` is the draft, and is written like any other."""
        if self.composer(id):
            self.type(id, "")
            self.drafts[id]["sent"].append(body)

    def settle_draft(self, id, text, result):
        """The answer to a write of `text`."""
        draft, known = self.drafts[id], result["entry"]["draft"] or {"text": "", "version": 0}
        if result["stored"]:
            # On the same version, what was tried before may still arrive.
            draft["tried"] = [] if known["version"] > draft["version"] else draft["tried"]
            draft["base"], draft["version"] = text, known["version"]
        self.merge(result["entry"])
        draft = self.drafts[id]
        if draft["text"] == draft["base"] and (result["stored"] or not draft["tried"]):
            del self.drafts[id]

    # The digest

    def digest(self):
        conversations = {id: entry_digest(entry) for id, entry in self.entries.items()}
        lines = "\n".join(f"{id} {conversations[id]}" for id in sorted(conversations))
        ranges = []
        for id, timeline in self.timelines.items():
            if messages := timeline["messages"]:
                where = {"conversationId": id, "from": messages[0]["seq"], "to": messages[-1]["seq"]}
                ranges.append(where | {"digest": hash_of([fields(message) for message in messages])})
        return {"overall": hash_text(lines), "conversations": conversations, "ranges": ranges}


def reconcile(draft, server):
    """The server's draft of a newer version meets what was written here on top of an older one."""
    if server["version"] <= draft["version"]:
        return
    own = server["version"] == draft["version"] + 1 and server["text"] in draft["tried"]
    if not own and server["text"].strip() not in [body.strip() for body in draft["sent"]]:
        draft["text"] = merge_drafts(draft["base"], draft["tried"], server["text"], draft["text"])
    draft |= {"base": server["text"], "version": server["version"], "tried": []}


def lines_of(text):
    """Each line with its count among equal ones."""
    counts, lines = {}, []
    for line in text.split("\n") if text else []:
        counts[line] = counts.get(line, 0) + 1
        lines.append((line, counts[line]))
    return lines


def merge_drafts(base, tried, theirs, own):
    if theirs in (base, own):
        return own
    if base in theirs and theirs in own:
        return own
    if all(text in own for text in [base, *tried]) and own in theirs:
        return theirs
    before, ours, others = lines_of(base), lines_of(own), lines_of(theirs)
    removed = {line for text in [base, *tried] for line in lines_of(text)} - set(ours)
    result = [line for line in others if line not in removed]
    shorter = len(result) < len(others)
    place = len(result)
    for line in reversed(ours):
        if line in result:
            place = result.index(line)
        elif line not in before:
            result.insert(place, line)
    text = "\n".join(line for line, _ in result)
    return text.strip("\n") if shorter else text


def hash_text(text):
    a, b, low = 0xDEADBEEF, 0x41C6CE57, 0xFFFFFFFF
    units = text.encode("utf-16-le")
    for i in range(0, len(units), 2):
        unit = units[i] | units[i + 1] << 8
        a, b = (a ^ unit) * 0x9E3779B1 & low, (b ^ unit) * 0x5F356495 & low
    a = (a ^ a >> 16) * 0x85EBCA6B & low ^ (b ^ b >> 13) * 0xC2B2AE35 & low
    b = (b ^ b >> 16) * 0x85EBCA6B & low ^ (a ^ a >> 13) * 0xC2B2AE35 & low
    return f"{a:08x}{b:08x}"


def hash_of(value):
    return hash_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def in_order(value):
    if isinstance(value, dict):
        return [[key, in_order(value[key])] for key in sorted(value)]
    return [in_order(one) for one in value] if isinstance(value, list) else value


def fields(message):
    system = message["system"] and in_order(message["system"])
    more = [in_order(message.get(name) or {}) for name in ("content", "annotations")]
    known = [message[name] for name in "seq rev senderId clientId body createdAt".split()]
    return [*known, system, *(more if any(more) else [])]


def entry_digest(entry):
    one = entry["conversation"]
    draft = entry["draft"] or {"text": "", "version": 0}
    return hash_of(
        [
            [one[name] for name in "id kind visibility title topic memberCount headSeq headRev".split()],
            [entry[name] for name in "role peerId readSeq markedUnread unread mentions".split()],
            [draft["text"], draft["version"]],
            [entry[name] for name in "mutedUntil pinnedAt archivedSeq placeSeq".split()],
            entry["last"] and fields(entry["last"]),
        ]
    )
