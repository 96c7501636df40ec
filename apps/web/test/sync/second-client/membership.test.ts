import { fanOut } from '@lockstep/db';
import type { InboxEntry } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import { signUp, until } from '../server.ts';
import { agree, ownServer, say, scene, server, shows, start, THRESHOLD } from './scene.ts';

ownServer();

describe('a client made from docs/sync.md', () => {
  it('drops a conversation that it was removed from, and has it whole when it is back (rule 10)', async () => {
    const all = await scene();
    const { ann, ben, id, engine, client } = all;
    const remove = { conversationId: id, userId: ann.me.id };
    const reported = await ann.http.query('conversations.get', { conversationId: id });
    await say(ben, id, 'one');
    await ben.http.mutate('conversations.removeMember', remove);
    await expect.poll(() => client.state.entries.has(id)).toBe(false);
    expect(client.state.timelines.has(id)).toBe(false);
    // An answer that was under way for longer.
    client.state.merge(reported);
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
    await expect.poll(() => client.state.outbox[0]?.failed).toBe('not_found');
  });

  it('keeps up with a conversation that is too large for the inbox', async () => {
    const all = await scene();
    const { ann, ben, engine, client } = all;
    const others = await Promise.all(['Cid', 'Dan', 'Eva'].map((name) => signUp(server.url, name)));
    const made = await ben.http.mutate('conversations.createGroup', {
      title: 'All',
      userIds: [ann.me.id, ...others.map(({ me }) => me.id)],
    });
    const { id } = made.conversation;
    await fanOut(server.backend.core.db, [id], { threshold: THRESHOLD });
    await expect.poll(() => client.state.entries.has(id)).toBe(true);
    await until(engine, 'there', () => engine.getState().inbox.has(id));
    await say(ben, id, 'one');
    client.send(id, 'two');
    await agree(all);
    client.line.stop();
    await say(ben, id, `three <@${ann.me.id}>`);
    await start(client);
    await expect
      .poll(() => client.state.entries.get(id))
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
    await expect.poll(() => client.state.entries.get(id)?.conversation.memberCount).toBe(4);
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
    const stored = await ann.http.query('conversations.get', { conversationId: id });
    expect(stored.readSeq).toBe(readSeq);
    engine.wake();
    await agree(all);
    expect(client.state.entries.get(id)?.unread).toBe(0);
  });
});
