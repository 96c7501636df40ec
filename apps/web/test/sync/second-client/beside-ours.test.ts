import { describe, expect, it, vi } from 'vitest';
import { until } from '../server.ts';
import { agree, ownServer, say, scene, shows, start } from './scene.ts';

ownServer();

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

  it('knows people by their names of now, as our own does', async () => {
    const all = await scene();
    const { ben, id, engine, client } = all;
    await say(ben, id, 'one');
    await shows(client, id, ['one']);
    const called = (name: string) =>
      engine.getState().people.get(ben.me.id)?.name === name &&
      client.state.people.get(ben.me.id)?.name === name;
    await expect.poll(() => called('Ben')).toBe(true);
    await ben.http.mutate('me.rename', { name: 'Benjamin' });
    await expect.poll(() => called('Benjamin')).toBe(true);
    client.line.stop();
    engine.suspend();
    await ben.http.mutate('me.rename', { name: 'Ben again' });
    engine.wake();
    await start(client);
    await expect.poll(() => called('Ben again')).toBe(true);
    expect(client.state.peopleRev).toBe(engine.getState().peopleRev);
  });

  it('a send with an unknown outcome is stored once (rule 2)', async () => {
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

  it('marks a conversation unread, and gets the changed entry', async () => {
    const all = await scene();
    const { ben, id, engine, client } = all;
    const { seq } = await say(ben, id, 'one');
    client.read(id, seq);
    await until(engine, 'read', () => engine.getState().inbox.get(id)?.unread === 0);
    await client.personal(id, { markedUnread: true, pinned: true });
    await until(engine, 'marked by the other', () => engine.getState().inbox.get(id)?.markedUnread === true);
    await agree(all);
    engine.markRead(id, seq);
    await expect.poll(() => client.state.entries.get(id)?.markedUnread).toBe(false);
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
      (await ann.http.query('conversations.get', { conversationId: id })).draft?.text;
    client.line.stop();
    client.type(id, 'from the second');
    engine.setDraft(id, 'from the first');
    await expect.poll(stored).toBe('from the first');
    await start(client);
    const both = 'from the first\nfrom the second';
    await until(engine, 'both', () => engine.getState().drafts.get(id)?.text === both);
    await agree(all);
    // An entry that brings a newer draft while one's own waits is not what one's own was written on.
    client.line.stop();
    client.type(id, `${both}, and more`);
    engine.setDraft(id, 'another');
    await expect.poll(stored).toBe('another');
    client.state.merge(await ann.http.query('conversations.get', { conversationId: id }));
    await start(client);
    // A line that the other took away and this one has not changed is gone.
    const merged = 'another\nfrom the second, and more';
    await expect.poll(stored).toBe(merged);
    client.send(id, merged);
    await until(engine, 'sent', () => engine.getState().drafts.get(id)?.text === '');
    await say(ben, id, 'answer');
    await agree(all);
    expect(await stored()).toBe('');
  });

  it('stops and forgets when its session is ended', async () => {
    const { ann, client } = await scene();
    await ann.http.mutate('auth.signOut');
    await expect.poll(() => client.line.connection).toBe('ended');
    expect(client.state.entries.size).toBe(0);
    client.line.start();
    await expect.poll(() => client.line.connection).toBe('ended');
  });
});
