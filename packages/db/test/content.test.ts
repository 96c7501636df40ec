import {
  allVersions,
  anyMessages,
  type Changed,
  changeMessage,
  changesAfter,
  changesOfMany,
  type Db,
  earlierVersions,
  fanOut,
  inboxAfter,
  inboxEntry,
  messagesAfter,
  messagesAround,
  messagesBefore,
  stateDigest,
  withConversation,
} from '@lockstep/db';
import {
  type AnnotationsChange,
  type Content,
  entryDigest,
  hasText,
  isRecalled,
  LIMITS,
  type Message,
  messagesDigest,
  stateOf,
  textRevOf,
} from '@lockstep/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { db, editMessage, makeGroup, ownWorld, recallMessage, say, uuid, world } from './world.ts';

ownWorld();

const annotate = (db: Db, target: Target, annotations: AnnotationsChange): Promise<Changed> =>
  changeMessage(db, target, () => ({ annotate: annotations }));

const versionsOf = async (viewerId: string, conversationId: string, seq: number) =>
  (await earlierVersions(db, viewerId, { conversationId, seq }))?.versions;

interface Target {
  conversationId: string;
  seq: number;
  actorId: string;
}

/** Every way in which somebody reads a message of theirs, by its name. */
const readers = (viewerId: string, id: string): Record<string, () => Promise<Message[]>> => ({
  before: async () =>
    (await messagesBefore(db, viewerId, { conversationId: id, limit: LIMITS.page })).messages,
  after: async () =>
    (await messagesAfter(db, viewerId, { conversationId: id, seq: 0, limit: LIMITS.page })).messages,
  around: async () =>
    (await messagesAround(db, viewerId, { conversationId: id, seq: 1, limit: LIMITS.page })).messages,
  changes: async () =>
    (await changesAfter(db, viewerId, { conversationId: id, afterRev: 0, limit: LIMITS.page })).messages,
  many: async () =>
    (await changesOfMany(db, viewerId, [{ conversationId: id, afterRev: 0 }])).flatMap((one) => one.messages),
  history: async () => anyMessages(db, id, { from: 1, to: LIMITS.page, near: 1 }),
});

const bySeq = (a: Message, b: Message) => a.seq - b.seq;

/** As it comes to a device: what is undefined is not there. */
const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const SOME = fc.dictionary(
  fc.constantFrom('replyTo', 'files', 'pin', 'a', 'zz'),
  fc.oneof(
    fc.integer(),
    fc.string({ unit: 'grapheme-ascii' }),
    fc.boolean(),
    fc.array(fc.record({ b: fc.integer(), a: fc.string({ unit: 'grapheme-ascii' }) }), { maxLength: 2 }),
  ),
  { minKeys: 1, maxKeys: 3 },
);
const ACT = fc.oneof(
  fc.record({ do: fc.constant('say' as const), content: fc.option(SOME, { nil: undefined }) }),
  fc.record({ do: fc.constant('annotate' as const), at: fc.nat(), annotations: SOME }),
  fc.record({ do: fc.constantFrom('edit' as const, 'recall' as const), at: fc.nat() }),
  fc.record({ do: fc.constant('system' as const) }),
);

describe('one mapping from a row to a message', () => {
  it('every reader says the same, and so do the answers to sends and changes (rule 12)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(ACT, { minLength: 1, maxLength: 12 }), async (acts) => {
        const [me, other] = [uuid(), uuid()];
        const id = await makeGroup(db, [me, other]);
        const answers = new Map<number, Message>();
        const own: number[] = [];
        for (const act of acts) {
          if (act.do === 'say') {
            const input = { conversationId: id, senderId: me, clientId: uuid(), body: 'hi' };
            const { message } = await db.appender.append({ ...input, content: act.content as Content });
            const again = await db.appender.append({ ...input, body: 'once more' });
            expect(again).toEqual({ message, duplicate: true });
            answers.set(message.seq, message);
            own.push(message.seq);
          } else if (act.do === 'system')
            await withConversation(db, id, async (tx) => {
              const message = await tx.appendSystem(me, { type: 'topic', topic: 'x' });
              answers.set(message.seq, message);
            });
          else if (own.length > 0) {
            const seq = own[act.at % own.length] as number;
            const target = { conversationId: id, seq, actorId: me };
            const held = answers.get(seq) as Message;
            if (isRecalled(held)) continue;
            const { message } =
              act.do === 'annotate'
                ? await annotate(db, target, act.annotations)
                : act.do === 'edit'
                  ? await editMessage(db, { ...target, body: `${held.body}!` })
                  : await recallMessage(db, target);
            answers.set(seq, message);
          }
        }
        await fanOut(db, [id], { threshold: 500 });
        const read = readers(other, id);
        const expected = await (read.before as () => Promise<Message[]>)();
        for (const [name, reader] of Object.entries(read))
          expect((await reader()).sort(bySeq), name).toEqual(expected);
        for (const [seq, message] of answers) expect(message).toEqual(expected[seq - 1]);
        const { entries } = await inboxAfter(db, other, 0, 10);
        const entry = await inboxEntry(db, other, id);
        expect([entries[0]?.last, entry?.last]).toEqual([expected.at(-1), expected.at(-1)]);

        // A device that holds all of it, and the server, agree.
        const digest = await stateDigest(db, other, [{ conversationId: id, from: 1, to: expected.length }]);
        expect(digest.ranges).toEqual([messagesDigest(sent(expected))]);
        expect(Object.values(digest.conversations)).toEqual([entry && entryDigest(sent(entry))]);

        for (const message of expected) {
          expect(stateOf({ ...message, state: undefined })).toBe(message.state);
          expect(hasText(message)).toBe(message.state === 'live');
          if (message.state !== 'live') expect(message).not.toHaveProperty('content');
        }
      }),
      { numRuns: 25 },
    );
  });

  it('in one batch each message keeps its own content, also beside mentions and texts alone', async () => {
    const [me, other] = [uuid(), uuid()];
    const id = await makeGroup(db, [me, other]);
    const bodies = ['plain', 'a reply', `hello <@${other}>`, 'empty'];
    const contents = [undefined, { replyTo: 1 }, { replyTo: 2 }, {}];
    const append = (body: string, n: number) =>
      db.appender.append({ conversationId: id, senderId: me, clientId: uuid(), body, content: contents[n] });
    const answers = (await Promise.all(bodies.map(append))).map(({ message }) => message);
    const stored = (await messagesAfter(db, other, { conversationId: id, seq: 1, limit: 50 })).messages;
    expect(stored).toEqual(answers);
    expect(stored.map(({ content }) => content)).toEqual([
      undefined,
      { replyTo: 1 },
      { replyTo: 2 },
      undefined,
    ]);
    const { rows } = await db.pool.query('select seq from mention where user_id = $1', [other]);
    expect(rows).toEqual([{ seq: 4 }]);
  });
});

describe('an annotation', () => {
  it('changes the rev alone: not editedAt, earlier texts, unread or mentions', async () => {
    const [me, other] = [uuid(), uuid()];
    const id = await makeGroup(db, [me, other]);
    const first = await say(id, me, `hello <@${other}>`);
    await fanOut(db, [id], { threshold: 500 });
    const before = await inboxEntry(db, other, id);
    expect(before).toMatchObject({ unread: 1, mentions: 1 });
    const target = { conversationId: id, seq: first.seq, actorId: other };

    const { message } = await annotate(db, target, { pin: true, later: 1 });
    const { rev, ...rest } = first;
    expect(message).toEqual({ ...rest, rev: rev + 1, textRev: rev, annotations: { pin: true, later: 1 } });
    await fanOut(db, [id], { threshold: 500 });
    expect(await inboxEntry(db, other, id)).toMatchObject({
      unread: 1,
      mentions: 1,
      readSeq: before?.readSeq,
    });
    expect(await versionsOf(other, id, first.seq)).toEqual([]);
    const changed = (await changesAfter(db, other, { conversationId: id, afterRev: rev, limit: 50 }))
      .messages;
    expect(changed).toEqual([message]);
    // A retry is answered with it as it is by now.
    const retry = { conversationId: id, senderId: me, clientId: first.clientId, body: 'again' };
    expect(await db.appender.append(retry)).toEqual({ message, duplicate: true });

    // What is set again stays, what is null goes, and without any there is nothing.
    const twice = await annotate(db, target, { pin: null, seen: 2 });
    expect(twice.message).toMatchObject({ rev: rev + 2, textRev: rev, annotations: { later: 1, seen: 2 } });
    const none = await annotate(db, target, { later: null, seen: null });
    expect(none.message).not.toHaveProperty('annotations');

    // The next text has the rev of its own again, and the annotations stay.
    await annotate(db, target, { pin: true });
    const edited = await editMessage(db, { ...target, actorId: me, body: 'hello again' });
    expect(edited.message).toMatchObject({ rev: rev + 5, annotations: { pin: true } });
    expect([edited.message.textRev, textRevOf(edited.message)]).toEqual([undefined, rev + 5]);
    expect(await versionsOf(other, id, first.seq)).toMatchObject([{ version: 1, body: first.body }]);
  });

  it('goes with a recall, as what belonged to the text does; that is kept with the earlier texts', async () => {
    const [me, other] = [uuid(), uuid()];
    const id = await makeGroup(db, [me, other]);
    const input = { conversationId: id, senderId: me, clientId: uuid(), body: 'look' };
    const { message } = await db.appender.append({ ...input, content: { replyTo: 1 } });
    const target = { conversationId: id, seq: message.seq, actorId: me };
    await annotate(world.db, target, { pin: true });
    const recalled = (await recallMessage(db, target)).message;
    expect(recalled).toMatchObject({ state: 'recalled', body: null });
    expect(Object.keys(recalled)).not.toEqual(expect.arrayContaining(['content']));
    expect(Object.keys(recalled)).not.toEqual(expect.arrayContaining(['annotations']));
    const versions = await allVersions(db, [{ conversationId: id, seq: message.seq }]);
    expect(versions.get(`${id} ${message.seq}`)).toMatchObject([{ body: 'look' }]);
    const { rows } = await db.pool.query('select content from message_version where conversation_id = $1', [
      id,
    ]);
    expect(rows).toEqual([{ content: { replyTo: 1 } }]);
  });
});
