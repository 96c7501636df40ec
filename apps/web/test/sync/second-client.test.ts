import { fanOut } from '@lockstep/db';
import { hash, type InboxEntry, type Message, type StateDigest } from '@lockstep/protocol';
import { createEngine, createTransport, type Engine } from '@lockstep/sync';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { SecondClient } from '../../../../docs/examples/second-client.ts';
import { type Account, signUp, startServer, type TestServer, until } from './server.ts';

/**
 * docs/sync.md says that another client could be made from it alone. One was (docs/examples): here it is a device of
 * Ann beside our own engine, and must end where the engine and the server do, whatever it missed.
 */
const THRESHOLD = 3;
let server: TestServer;
let stop: (() => void)[] = [];

beforeAll(async () => {
  server = await startServer({ FANOUT_THRESHOLD: String(THRESHOLD) });
});
afterEach(() => {
  for (const end of stop.splice(0)) end();
  vi.unstubAllGlobals();
});
afterAll(() => server?.close());

interface Scene {
  ann: Account;
  ben: Account;
  id: string;
  engine: Engine;
  client: SecondClient;
}

const start = async (client: SecondClient): Promise<void> => {
  client.line.start();
  await expect
    .poll(() => client.line.connection === 'online' && !client.busy, { timeout: 15_000 })
    .toBe(true);
};

/** A group of Ann and Ben; Ann has it open on both of her devices. */
const scene = async (): Promise<Scene> => {
  const [ann, ben] = [await signUp(server.url, 'Ann'), await signUp(server.url, 'Ben')];
  const made = await ben.http.mutate<InboxEntry>('conversations.createGroup', {
    title: 'Tea',
    userIds: [ann.me.id],
  });
  const { id } = made.conversation;
  const { url } = server;
  const engine = createEngine({
    userId: ann.me.id,
    transport: createTransport({ url, headers: ann.headers }),
  });
  const client = new SecondClient(url, ann.headers.cookie, ann.me.id);
  stop = [() => engine.stop(), () => client.line.stop()];
  engine.start();
  await until(engine, 'caught up', () => engine.getState().caughtUp && engine.getState().inbox.has(id));
  await start(client);
  await Promise.all([engine.open(id), client.open(id)]);
  return { ann, ben, id, engine, client };
};

const say = (who: Account, conversationId: string, body: string): Promise<Message> =>
  who.http.mutate('messages.send', { conversationId, clientId: crypto.randomUUID(), body });

const texts = (client: SecondClient, id: string) =>
  client.state.timelines.get(id)?.messages.flatMap(({ system, body }) => (system ? [] : [body]));

const shows = (client: SecondClient, id: string, expected: (string | null)[]) =>
  expect.poll(() => texts(client, id), { timeout: 15_000 }).toEqual(expected);

/** The digest as docs/sync.md writes it down, without the functions that both sides share. */
const byThePage = ({ state }: SecondClient): Omit<StateDigest, 'ranges'> & { ranges: string[] } => {
  const fields = (m: Message) => {
    const system = m.system && Object.entries(m.system).sort(([a], [b]) => (a < b ? -1 : 1));
    return [m.seq, m.rev, m.senderId, m.clientId, m.body, m.createdAt, system];
  };
  const entry = (e: InboxEntry) => {
    const c = e.conversation;
    return hash(
      JSON.stringify([
        [c.id, c.kind, c.visibility, c.title, c.topic, c.memberCount, c.headSeq, c.headRev],
        [e.role, e.peerId, e.readSeq, e.markedUnread, e.unread, e.mentions],
        [e.draft?.text ?? '', e.draft?.version ?? 0],
        [e.mutedUntil, e.pinnedAt, e.archivedSeq, e.placeSeq],
        e.last && fields(e.last),
      ]),
    );
  };
  const conversations = Object.fromEntries([...state.entries].map(([id, e]) => [id, entry(e)]));
  const lines = Object.keys(conversations).sort();
  const runs = [...state.timelines.values()].map(({ messages }) =>
    hash(JSON.stringify(messages.map(fields))),
  );
  return {
    overall: hash(lines.map((id) => `${id} ${conversations[id]}`).join('\n')),
    conversations,
    ranges: runs,
  };
};

/** Second client, engine and server hold the same, and the client's timelines are whole (rule 12). */
const agree = async ({ ann, engine, client }: Scene): Promise<void> => {
  await expect
    .poll(
      async () => {
        // What the worker does.
        const ids = [...engine.getState().inbox.keys()];
        await fanOut(server.backend.core.db, ids, { threshold: THRESHOLD });
        if (client.busy || engine.getState().outbox.length > 0) return 'busy';
        const { ranges, ...own } = client.state.digest();
        const asked = ranges.map(({ digest: _, ...range }) => range);
        const theirs = await ann.http.mutate<StateDigest>('sync.digest', { ranges: asked });
        const runs = ranges.map(({ digest }) => digest);
        const { overall } = engine.digest();
        const same = JSON.stringify([own.overall, runs]) === JSON.stringify([theirs.overall, theirs.ranges]);
        return (
          (same && overall === theirs.overall) || {
            own,
            runs,
            theirs,
            engine: engine.digest(),
          }
        );
      },
      { timeout: 15_000, interval: 100 },
    )
    .toBe(true);
  const { ranges, ...rest } = client.state.digest();
  expect(byThePage(client)).toEqual({ ...rest, ranges: ranges.map(({ digest }) => digest) });
  for (const [id, { messages }] of client.state.timelines) {
    const { headSeq } = client.state.entries.get(id)?.conversation ?? {};
    expect(messages.map(({ seq }) => seq)).toEqual(Array.from({ length: headSeq ?? 0 }, (_, i) => i + 1));
  }
};

/** Of all that moves; resolves to what puts it back. */
const backup = async (): Promise<() => Promise<void>> => {
  const { pool } = server.backend.core.db;
  const tables = ['conversation', 'message', 'inbox_entry', 'inbox_cursor', 'checkpoint'];
  for (const name of tables) await pool.query(`create table backup_${name} as select * from "${name}"`);
  return async () => {
    const client = await pool.connect();
    try {
      await client.query("set session_replication_role = 'replica'");
      for (const name of tables)
        await client.query(`delete from "${name}"; insert into "${name}" select * from backup_${name}`);
      await client.query("set session_replication_role = 'origin'");
    } finally {
      client.release();
    }
  };
};

describe('a client made from docs/sync.md', () => {
  it('talks, edits, recalls and reads beside our own', async () => {
    const all = await scene();
    const { ann, ben, id, engine, client } = all;
    client.send(id, 'one');
    client.send(id, 'two');
    await shows(client, id, ['one', 'two']);
    await say(ben, id, `three <@${ann.me.id}>`);
    engine.send(id, 'four');
    await shows(client, id, ['one', 'two', `three <@${ann.me.id}>`, 'four']);
    const seqOf = (text: string) =>
      client.state.timelines.get(id)?.messages.find(({ body }) => body === text)?.seq ?? 0;
    await client.change('edit', id, { seq: seqOf('one'), body: 'ONE' });
    await client.change('recall', id, { seq: seqOf('two') });
    await say(ben, id, `five <@${ann.me.id}>`);
    await shows(client, id, ['ONE', null, `three <@${ann.me.id}>`, 'four', `five <@${ann.me.id}>`]);
    await agree(all);
    expect(client.state.entries.get(id)).toMatchObject({ unread: 1, mentions: 1 });
    // Sending is reading; what one does to the conversation is not.
    await ben.http.mutate('conversations.setRole', { conversationId: id, userId: ann.me.id, role: 'admin' });
    await ann.http.mutate('conversations.rename', { conversationId: id, title: 'Milk' });
    await until(engine, 'Milk', () => engine.getState().inbox.get(id)?.conversation.title === 'Milk');
    await agree(all);
    expect(client.state.entries.get(id)).toMatchObject({ unread: 1, mentions: 1 });
    client.read(id, client.state.entries.get(id)?.conversation.headSeq ?? 0);
    await until(engine, 'read', () => engine.getState().inbox.get(id)?.unread === 0);
    await ben.http.mutate('conversations.rename', { conversationId: id, title: 'Coffee' });
    await until(engine, 'renamed', () => engine.getState().inbox.get(id)?.conversation.title === 'Coffee');
    await agree(all);
    expect(client.state.entries.get(id)?.conversation.title).toBe('Coffee');
  });

  it('sends once what it cannot know to be sent (rule 2)', async () => {
    const all = await scene();
    const { id, engine, client } = all;
    const real = fetch;
    let lost = 0;
    vi.stubGlobal('fetch', async (...args: Parameters<typeof fetch>) => {
      const response = await real(...args);
      if (String(args[0]).includes('messages.send') && lost++ === 0) throw new TypeError('answer lost');
      return response;
    });
    client.send(id, 'one');
    client.send(id, 'two');
    await until(engine, 'one', () =>
      (engine.getState().timelines.get(id)?.messages ?? []).some(({ body }) => body === 'one'),
    );
    await expect.poll(() => lost).toBeGreaterThan(0);
    client.line.stop();
    client.send(id, 'three');
    await start(client);
    await shows(client, id, ['one', 'two', 'three']);
    expect(client.state.outbox).toEqual([]);
    await agree(all);
  });

  it('catches up with messages, edits, recalls and a new title that it missed (rule 6)', async () => {
    const all = await scene();
    const { ann, ben, id, client } = all;
    const sent: Message[] = [];
    for (const text of ['one', 'two', 'three']) sent.push(await say(ben, id, text));
    await shows(client, id, ['one', 'two', 'three']);
    client.line.stop();
    const at = (i: number) => ({ conversationId: id, seq: sent[i]?.seq });
    await ben.http.mutate('messages.edit', { ...at(0), body: `ONE <@${ann.me.id}>` });
    await ben.http.mutate('messages.recall', at(1));
    const four = await say(ben, id, 'four');
    await say(ben, id, 'five');
    // Comes after "five" by rev, before it by seq.
    await ben.http.mutate('messages.edit', { conversationId: id, seq: four.seq, body: 'FOUR' });
    await ben.http.mutate('conversations.rename', { conversationId: id, title: 'Coffee' });
    await start(client);
    await shows(client, id, [`ONE <@${ann.me.id}>`, null, 'three', 'FOUR', 'five']);
    await agree(all);
    expect(client.state.entries.get(id)).toMatchObject({ unread: 4, mentions: 1 });
  });

  it('is told to begin anew when it is more than 1,000 changes behind (rule 8)', async () => {
    const all = await scene();
    const { ben, id, client } = all;
    const first = await say(ben, id, 'first');
    await shows(client, id, ['first']);
    client.line.stop();
    for (let n = 0; n < 1_040; n += 40)
      await Promise.all(Array.from({ length: 40 }, (_, i) => say(ben, id, `message ${n + i}`)));
    await ben.http.mutate('messages.edit', { conversationId: id, seq: first.seq, body: 'FIRST' });
    const before = client.state.timelines.get(id);
    await start(client);
    await expect.poll(() => texts(client, id)?.length, { timeout: 15_000 }).toBe(1_041);
    expect(client.state.timelines.get(id)).not.toBe(before);
    expect(texts(client, id)?.[0]).toBe('FIRST');
    await agree(all);
    expect(client.state.entries.get(id)).toMatchObject({ unread: 100 });
  });

  it('marks unread, and is told so', async () => {
    const all = await scene();
    const { ben, id, engine, client } = all;
    const { seq } = await say(ben, id, 'one');
    client.read(id, seq);
    await until(engine, 'read', () => engine.getState().inbox.get(id)?.unread === 0);
    await client.personal(id, { markedUnread: true, pinned: true });
    await until(engine, 'marked by the other', () => engine.getState().inbox.get(id)?.markedUnread === true);
    await agree(all);
    engine.markRead(id, seq);
    await expect.poll(() => client.state.entries.get(id)?.markedUnread, { timeout: 15_000 }).toBe(false);
    client.line.stop();
    engine.setPersonal(id, { markedUnread: true });
    await until(engine, 'marked by itself', () => engine.getState().inbox.get(id)?.markedUnread === true);
    await start(client);
    await agree(all);
    expect(client.state.entries.get(id)?.markedUnread).toBe(true);
  });

  it('loses no draft that two devices write at once, and brings none back that was sent', async () => {
    const all = await scene();
    const { ann, ben, id, engine, client } = all;
    const stored = async () =>
      (await ann.http.query<InboxEntry>('conversations.get', { conversationId: id })).draft?.text;
    client.line.stop();
    client.type(id, 'from the second');
    engine.setDraft(id, 'from the first');
    await expect.poll(stored, { timeout: 15_000 }).toBe('from the first');
    await start(client);
    const both = 'from the first\nfrom the second';
    await until(engine, 'both', () => engine.getState().drafts.get(id)?.text === both);
    await agree(all);
    // An entry that brings a newer draft while one's own waits is not what one's own was written on.
    client.line.stop();
    client.type(id, `${both}, and more`);
    engine.setDraft(id, 'another');
    await expect.poll(stored, { timeout: 15_000 }).toBe('another');
    client.state.merge(await ann.http.query<InboxEntry>('conversations.get', { conversationId: id }));
    await start(client);
    await expect.poll(stored, { timeout: 15_000 }).toBe(`another\n${both}, and more`);
    client.send(id, `another\n${both}, and more`);
    await until(engine, 'sent', () => engine.getState().drafts.get(id)?.text === '');
    await say(ben, id, 'answer');
    await agree(all);
    expect(await stored()).toBe('');
  });

  it('drops a conversation that it was removed from, and has it whole when it is back (rule 10)', async () => {
    const all = await scene();
    const { ann, ben, id, engine, client } = all;
    const remove = { conversationId: id, userId: ann.me.id };
    const told = await ann.http.query<InboxEntry>('conversations.get', { conversationId: id });
    await say(ben, id, 'one');
    await ben.http.mutate('conversations.removeMember', remove);
    await expect.poll(() => client.state.entries.has(id), { timeout: 15_000 }).toBe(false);
    expect(client.state.timelines.has(id)).toBe(false);
    // An answer that was under way for longer.
    client.state.merge(told);
    expect(client.state.entries.has(id)).toBe(false);
    await until(engine, 'gone', () => !engine.getState().inbox.has(id));
    await agree(all);
    client.line.stop();
    await ben.http.mutate('conversations.addMembers', { conversationId: id, userIds: [ann.me.id] });
    await say(ben, id, 'two');
    await until(engine, 'back', () => engine.getState().inbox.has(id));
    await start(client);
    await shows(client, id, ['one', 'two']);
    await agree(all);
    client.line.stop();
    await ben.http.mutate('conversations.removeMember', remove);
    await start(client);
    expect(client.state.entries.has(id)).toBe(false);
    client.send(id, 'to nobody');
    await expect.poll(() => client.state.outbox[0]?.failed, { timeout: 15_000 }).toBe('not_found');
  });

  it('keeps up with a conversation that is too large for the inbox', async () => {
    const all = await scene();
    const { ann, ben, engine, client } = all;
    const others = await Promise.all(['Cid', 'Dan', 'Eva'].map((name) => signUp(server.url, name)));
    const made = await ben.http.mutate<InboxEntry>('conversations.createGroup', {
      title: 'All',
      userIds: [ann.me.id, ...others.map(({ me }) => me.id)],
    });
    const { id } = made.conversation;
    await fanOut(server.backend.core.db, [id], { threshold: THRESHOLD });
    await expect.poll(() => client.state.entries.has(id), { timeout: 15_000 }).toBe(true);
    await until(engine, 'there', () => engine.getState().inbox.has(id));
    await say(ben, id, 'one');
    client.send(id, 'two');
    await agree(all);
    client.line.stop();
    await say(ben, id, `three <@${ann.me.id}>`);
    await start(client);
    await expect
      .poll(() => client.state.entries.get(id), { timeout: 15_000 })
      .toMatchObject({ conversation: { diffusion: 'read' }, unread: 1, mentions: 1 });
    await agree(all);
    await client.open(id);
    await shows(client, id, ['one', 'two', `three <@${ann.me.id}>`]);
    await agree(all);
  });

  it('has read what it sent while a conversation outgrew the inbox', async () => {
    const all = await scene();
    const { ann, ben, id, engine, client } = all;
    const others = await Promise.all(['Cid', 'Dan'].map((name) => signUp(server.url, name)));
    await ben.http.mutate('conversations.addMembers', {
      conversationId: id,
      userIds: others.map(({ me }) => me.id),
    });
    await expect
      .poll(() => client.state.entries.get(id)?.conversation.memberCount, { timeout: 15_000 })
      .toBe(4);
    await say(ben, id, 'one');
    engine.suspend();
    client.send(id, 'two');
    await shows(client, id, ['one', 'two']);
    // Nobody pushes that it is read from its head now: the next time in step tells.
    client.line.stop();
    await start(client);
    const { conversation, readSeq } = client.state.entries.get(id) as InboxEntry;
    expect(conversation).toMatchObject({ diffusion: 'read', headSeq: readSeq });
    await fanOut(server.backend.core.db, [id], { threshold: THRESHOLD });
    const stored = await ann.http.query<InboxEntry>('conversations.get', { conversationId: id });
    expect(stored.readSeq).toBe(readSeq);
    engine.wake();
    await agree(all);
    expect(client.state.entries.get(id)?.unread).toBe(0);
  });

  it('begins anew where the server has been put back to an earlier time (rule 8)', async () => {
    const all = await scene();
    const { ben, id, engine, client } = all;
    await say(ben, id, 'one');
    await shows(client, id, ['one']);
    await agree(all);
    const restore = await backup();
    for (let n = 0; n < 5; n++) await client.personal(id, { pinned: n % 2 === 0 });
    await say(ben, id, 'lost');
    await say(ben, id, 'lost too');
    await shows(client, id, ['one', 'lost', 'lost too']);
    await agree(all);
    // Pushes with holes between them leave the cursor where it was; only one ahead of the server's tells of the restore.
    engine.suspend();
    engine.wake();
    await until(engine, 'in step', () => engine.getState().pos === engine.getState().inbox.get(id)?.pos);
    client.line.stop();
    engine.suspend();
    await restore();
    for (const text of ['two', 'three', 'four']) await say(ben, id, text);
    await fanOut(server.backend.core.db, [id], { threshold: THRESHOLD });
    await start(client);
    engine.wake();
    await shows(client, id, ['one', 'two', 'three', 'four']);
    await agree(all);
  });

  it('stops and forgets when its session is ended', async () => {
    const { ann, client } = await scene();
    await ann.http.mutate('auth.signOut', {});
    await expect.poll(() => client.line.connection, { timeout: 15_000 }).toBe('ended');
    expect(client.state.entries.size).toBe(0);
    client.line.start();
    await expect.poll(() => client.line.connection, { timeout: 15_000 }).toBe('ended');
  });
});
