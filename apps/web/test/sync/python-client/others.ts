import type { Message } from '@lockstep/protocol';
import type { Input, MutationName } from '@lockstep/protocol/contract';
import type { Engine } from '@lockstep/sync';
import type { Random } from '@lockstep/testing/fuzz/random';
import type { Account } from '../server.ts';

/** What goes on around the client in Python: her own other device, and somebody else in the same conversations. */
export interface Others {
  ann: Account;
  ben: Account;
  /** Another device of Ann, by our own client. */
  engine: Engine;
  ids: string[];
  random: Random;
}

/** A refusal is an answer like any: who acts at random asks for what cannot be. */
const tried = (call: Promise<unknown>) => call.catch(() => {});

/** One thing by our own client or by Ben; resolves when the server has answered, where it is asked. */
export const act = async ({ ann, ben, engine, ids, random }: Others, n: number): Promise<void> => {
  const conversationId = random.pick(ids);
  const ofAnn = engine.getState().inbox.get(conversationId);
  const headSeq = ofAnn?.conversation.headSeq ?? 1;
  const body = random.chance(0.2) ? `<@${ann.me.id}> ${n}` : `from the others ${n}`;
  const call = <N extends MutationName>(name: N, input: Omit<Input<N>, 'conversationId'>) =>
    tried(ben.http.mutate(name, { conversationId, ...input } as never));
  const send = () => call('messages.send', { clientId: crypto.randomUUID(), body });
  const own = async () => {
    const page = await ben.http
      .query('messages.before', { conversationId })
      .catch(() => ({ messages: [] as Message[] }));
    const texts = page.messages.filter((one) => one.senderId === ben.me.id && one.body !== null);
    return texts.length > 0 ? random.pick(texts).seq : null;
  };
  const draft = engine.getState().drafts.get(conversationId)?.text ?? '';
  const acts: (() => unknown)[] = [
    send,
    send,
    () => Promise.all([send(), send(), send()]),
    async () => call('messages.edit', { seq: (await own()) ?? 1, body: `edited ${n}` }),
    async () => call('messages.recall', { seq: (await own()) ?? 1 }),
    () => call('conversations.rename', { title: `Renamed ${n}` }),
    // A title and messages in one round of pushes.
    () => Promise.all([call('conversations.rename', { title: `Title ${n}` }), send(), send(), send()]),
    () => call('conversations.setTopic', { topic: random.chance(0.5) ? `Topic ${n}` : null }),
    async () => {
      await call('conversations.removeMember', { userId: ann.me.id });
      if (random.chance(0.5)) await send();
      await call('conversations.addMembers', { userIds: [ann.me.id] });
    },
    () => ofAnn && engine.send(conversationId, `from our own ${n}`),
    () => ofAnn && engine.markRead(conversationId, random.between(0, headSeq)),
    () => ofAnn && engine.setPersonal(conversationId, { markedUnread: true }),
    () => ofAnn && engine.setPersonal(conversationId, { pinned: random.chance(0.5) }),
    () =>
      ofAnn && engine.setDraft(conversationId, `${draft}${random.chance(0.5) ? ' ' : '\n'}word ${n}`.trim()),
    () => ofAnn && draft && engine.send(conversationId, draft),
  ];
  await random.pick(acts)();
};

/** What Ann's own other device still has to say. */
export const isQuiet = (engine: Engine): boolean => {
  const { outbox, drafts, inbox } = engine.getState();
  return (
    outbox.every(({ state }) => state === 'failed') &&
    [...drafts].every(([id, draft]) => !draft.pending || !inbox.has(id))
  );
};
