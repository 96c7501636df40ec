import { fanOut } from '@lockstep/db';
import type { ErrorData } from '@lockstep/protocol';
import { hash } from '@lockstep/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Account, signUp, startServer, type TestServer } from './server.ts';

/** Sentences of docs/sync.md that another client relies on, each held against a real server. */

let server: TestServer;
let ann: Account;
let ben: Account;
let conversationId: string;
beforeAll(async () => {
  server = await startServer();
  [ann, ben] = [await signUp(server.url, 'Ann'), await signUp(server.url, 'Ben')];
  const made = await ann.http.mutate('conversations.createGroup', {
    title: 'Tea',
    userIds: [ben.me.id],
  });
  conversationId = made.conversation.id;
});
afterAll(() => server?.close());

const send = (who: Account, body: string, clientId: string = crypto.randomUUID()) =>
  who.http.mutate('messages.send', { conversationId, clientId, body });
const entry = (who: Account) => who.http.query('conversations.get', { conversationId });
/** The code of a refusal. */
const refusal = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'done',
    (error) => error.code,
  );

describe('as docs/sync.md says', () => {
  it('sending does not clear "marked as unread"; reading does, also if everything was read', async () => {
    await ann.http.mutate('sync.personal', { conversationId, markedUnread: true });
    const { seq } = await send(ann, 'one');
    await fanOut(server.backend.core.db, [conversationId], { threshold: 500 });
    expect(await entry(ann)).toMatchObject({ markedUnread: true, readSeq: seq });
    await ann.http.mutate('sync.read', { conversationId, seq });
    expect(await entry(ann)).toMatchObject({ markedUnread: false, readSeq: seq });
  });

  it('a repeated send answers with the message as it is by now', async () => {
    const clientId = crypto.randomUUID();
    const first = await send(ann, 'first text', clientId);
    const edited = await ann.http.mutate('messages.edit', {
      conversationId,
      seq: first.seq,
      body: 'second text',
    });
    expect(await send(ann, 'first text', clientId)).toEqual(edited);
    const again = { conversationId, seq: first.seq, body: 'second text', baseEditedAt: null };
    expect(await ann.http.mutate('messages.edit', again)).toEqual(edited);
    const recalled = await ann.http.mutate('messages.recall', { conversationId, seq: first.seq });
    expect(await ann.http.mutate('messages.recall', { conversationId, seq: first.seq })).toEqual(recalled);
    expect(await send(ann, 'first text', clientId)).toEqual(recalled);
  });

  it('edits and recalls are refused with these codes', async () => {
    const { seq } = await send(ann, 'text');
    const [edit, recall] = ['messages.edit', 'messages.recall'] as const;
    const of = (at: number) => ({ conversationId, seq: at });
    expect(await refusal(ben.http.mutate(edit, { ...of(seq), body: 'x' }))).toBe('forbidden');
    expect(await refusal(ben.http.mutate(recall, of(seq)))).toBe('forbidden');
    expect(await refusal(ann.http.mutate(edit, { ...of(seq), body: 'x', baseEditedAt: 5 }))).toBe('conflict');
    expect(await refusal(ann.http.mutate(edit, { ...of(1), body: 'x' }))).toBe('conflict');
    expect(await refusal(ann.http.mutate(recall, of(1)))).toBe('conflict');
    expect(await refusal(ben.http.mutate(recall, of(1)))).toBe('forbidden');
    await ann.http.mutate(recall, of(seq));
    expect(await refusal(ann.http.mutate(edit, { ...of(seq), body: 'x' }))).toBe('conflict');
    expect(await refusal(ann.http.mutate(edit, { ...of(9_999), body: 'x' }))).toBe('not_found');
  });

  it('texts are normalised', async () => {
    expect((await send(ann, '  a\r\nb\rc \n ')).body).toBe('  a\nb\nc');
    const rename = { conversationId, title: '  Black \u200b  tea ' };
    expect((await ann.http.mutate('conversations.rename', rename)).title).toBe('Black tea');
    expect(await refusal(send(ann, ' \u200b '))).toBe('invalid_input');
    expect(await refusal(send(ann, 'a\u0000'))).toBe('invalid_input');
  });

  it('ranges may reach past the head', async () => {
    const { headSeq } = (await entry(ann)).conversation;
    const page = (name: 'before' | 'after' | 'around', seq: number) =>
      ann.http.query(`messages.${name}`, { conversationId, seq, limit: 3 });
    const seqs = async (name: 'before' | 'after' | 'around', seq: number) =>
      (await page(name, seq)).messages.map((one) => one.seq);
    const newest = [headSeq - 2, headSeq - 1, headSeq];
    expect(await seqs('before', headSeq + 50)).toEqual(newest);
    expect(await seqs('after', headSeq)).toEqual([]);
    expect(await seqs('around', headSeq + 50)).toEqual(newest);
    const read = { conversationId, seq: headSeq + 50 };
    expect((await ben.http.mutate('sync.read', read)).readSeq).toBe(headSeq);
    const at = (from: number, to: number) =>
      ann.http.mutate('sync.digest', { ranges: [{ conversationId, from, to }] });
    expect((await at(1, headSeq + 50)).ranges).toEqual((await at(1, headSeq)).ranges);
    expect((await at(headSeq + 1, headSeq + 50)).ranges).toEqual([hash('[]')]);
    const changes = { conversationId, afterRev: 9_999 };
    expect(await ann.http.query('sync.changes', changes)).toMatchObject({ reset: true, messages: [] });
  });

  it('a time after all messages has none', async () => {
    const at = (time: number) => ann.http.query('messages.atTime', { conversationId, at: time });
    expect(await at(Date.now() + 60_000)).toBeNull();
    expect(await at(0)).toBe(1);
  });

  it('issues come with a wrong shape alone', async () => {
    const ask = async (path: string, init: RequestInit = {}) => {
      const headers = { ...ann.headers, 'content-type': 'application/json' };
      const response = await fetch(`${server.url}/api/trpc/${path}`, { headers, ...init });
      const { error } = (await response.json()) as { error: { data: ErrorData } };
      return [error.data.code, (error.data.issues?.length ?? 0) > 0];
    };
    const post = (path: string, body: string) => ask(path, { method: 'POST', body });
    expect(await post('sync.read', '{}')).toEqual(['invalid_input', true]);
    expect(await post('sync.read', 'no JSON')).toEqual(['invalid_input', false]);
    expect(await ask('sync.read')).toEqual(['invalid_input', false]);
    expect(await post('sync.nothing', '{}')).toEqual(['not_found', false]);
    const range = { conversationId, from: 1, to: 2 };
    expect(await post('sync.digest', JSON.stringify({ ranges: [range, range] }))).toEqual([
      'invalid_input',
      false,
    ]);
  });

  it('entries moved by the fan-out come with a pull, not with an inbox event', async () => {
    const before = await entry(ann);
    await send(ben, 'one more');
    await fanOut(server.backend.core.db, [conversationId], { threshold: 500 });
    expect((await entry(ann)).pos).toBeGreaterThan(before.pos);
    const page = await ann.http.query('sync.inbox', { afterPos: before.pos });
    expect(page.entries.map((one) => one.conversation.id)).toEqual([conversationId]);
  });

  it('a draft on top of the text that is there already keeps its version', async () => {
    const write = (text: string, baseVersion: number) =>
      ann.http.mutate('sync.draft', {
        conversationId,
        text,
        baseVersion,
      });
    expect((await write('', 0)).entry.draft?.version ?? 0).toBe(0);
    expect((await write('tea', 0)).entry.draft).toMatchObject({ text: 'tea', version: 1 });
    expect(await write('tea', 0)).toMatchObject({ stored: true, entry: { draft: { version: 1 } } });
    expect(await write('milk', 0)).toMatchObject({ stored: false, entry: { draft: { text: 'tea' } } });
    expect(await refusal(write('x'.repeat(40_001), 1))).toBe('invalid_input');
  });
});
