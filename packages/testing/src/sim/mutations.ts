/** A bug put into the product on purpose, by a change of source text: the simulation has to find it. */
export interface Mutation {
  name: string;
  /** From the root of the repository. */
  file: string;
  /** Stands there exactly once; what it becomes. */
  from: string;
  to: string;
}

/** One that seeds find. */
interface FoundBySeeds extends Mutation {
  /** The first that is known to. */
  seed: number;
}

/** One that a run in `regressions/` finds. */
interface FoundByKept extends Mutation {
  kept: string;
}

export const MUTATIONS: readonly FoundBySeeds[] = [
  {
    name: 'fetches before it is subscribed (rule 5)',
    file: 'packages/sync/src/link.ts',
    from: 'this.onSocket(socket);\n    this.#catchUpNow();',
    to: 'this.onSocket(socket);\n    this.#caughtUpAt = this.context.clock.now();\n    this.#pollAfter(SWEEP_MS);',
    seed: 3,
  },
  {
    name: 'applies a push out of order (rule 6)',
    file: 'packages/sync/src/apply.ts',
    from: 'message.rev === known + 1 + i',
    to: 'message.rev > known + i',
    seed: 1,
  },
  {
    name: 'writes the cursor before what it stands for (rule 6)',
    file: 'packages/sync/src/mirror.ts',
    from: 'await this.local.write(epoch, batch);',
    to: `const { pos, ...rest } = batch;
      if (pos !== undefined) await this.local.write(epoch, { pos });
      await new Promise<void>((resolve) => this.context.clock.setTimeout(() => resolve(), 1_000));
      await this.local.write(epoch, rest);`,
    seed: 11,
  },
  {
    name: 'does not pull after a gap (rule 6)',
    file: 'packages/sync/src/engine.ts',
    from: 'if (applied.pull) void timelines.pull(id);',
    to: '',
    seed: 358,
  },
  {
    name: 'tries again under a new client id (rule 2)',
    file: 'packages/sync/src/pending/send.ts',
    from: `send: async ({ id, args: { conversationId, ...written } }, { transport }) => ({
    message: await transport.send(conversationId, id, written),`,
    to: `send: async ({ id, tries, args: { conversationId, ...written } }, { transport }) => ({
    message: await transport.send(conversationId, tries > 0 ? crypto.randomUUID() : id, written),`,
    seed: 1,
  },
  {
    name: 'settles a command before the server has answered (rule 3)',
    file: 'packages/sync/src/pending/queue.ts',
    from: 'const answer = await handler.send(',
    to: `void this.table.write([command.id], () => [null]);
    this.context.store.set(withCommand(this.#model, command.id, null));
    const answer = await handler.send(`,
    seed: 1,
  },
  {
    name: 'of two commands of one key the first goes out (rule 13)',
    file: 'packages/sync/src/pending/edit.ts',
    from: '...next,',
    to: '...next, body: held.args.body,',
    seed: 64,
  },
  {
    name: 'of two changes of one setting the first goes out (rule 13)',
    file: 'packages/sync/src/pending/personal.ts',
    from: '{ ...held.args.change, ...next.change }',
    to: '{ ...next.change, ...held.args.change }',
    seed: 250,
  },
  {
    name: 'sends an edit before its message',
    file: 'packages/sync/src/pending/edit.ts',
    from: `key: messagesKey,
  isReady: (model, { args }) => isStored(model, args),`,
    to: "key: ({ conversationId }) => ['edits', conversationId].join(),",
    seed: 23,
  },
  {
    name: 'brings a sent draft back',
    file: 'packages/sync/src/pending/drafts.ts',
    from: 'const draft = sentAs(store.model.drafts.get(conversationId), body, this.#edit());',
    to: 'const draft = store.model.drafts.get(conversationId) ?? sentAs(undefined, body, this.#edit());',
    seed: 5,
  },
  {
    name: 'loses what another device wrote at the same time',
    file: 'packages/sync/src/pending/merge-drafts.ts',
    from: 'if (theirs === base || theirs === own) return own;',
    to: 'if (own !== base) return own;',
    seed: 16,
  },
  {
    name: 'brings back a line that was sent elsewhere',
    file: 'packages/sync/src/pending/merge-drafts.ts',
    from: 'else if (!baseKeys.has(line.key)) result',
    to: 'else result',
    seed: 98,
  },
  {
    name: 'lowers the read position (rule 7)',
    file: 'packages/sync/src/entries.ts',
    from: 'readSeq: Math.max(local.readSeq, incoming.readSeq),',
    to: 'readSeq: incoming.readSeq,',
    seed: 2,
  },
  {
    name: 'keeps a conversation that its person was removed from (rule 10)',
    file: 'packages/sync/src/entries.ts',
    from: 'return { model: stale ? model : dropConversation(model, id, incoming.pos), pull: false, refresh: false };',
    to: 'return { model, pull: false, refresh: false };',
    seed: 23,
  },
  {
    name: 'forgets what came while a page was on its way (rule 5)',
    file: 'packages/sync/src/timelines.ts',
    from: '({ ...timeline, rev }, page, load.overlay)',
    to: '({ ...timeline, rev }, page, new Map())',
    seed: 144,
  },
  {
    name: 'does not hear a reset (rule 8)',
    file: 'packages/sync/src/timelines.ts',
    from: 'const next = replaceWindow({ ...timeline, rev }, page, overlay);',
    to: 'const next = { ...timeline, rev, loading: null, error: null };',
    seed: 34,
  },
  {
    name: 'server: does not tell of a recall (rule 6)',
    file: 'packages/core/src/actions/recall-message.ts',
    from: 'if (changed) publishChanges(',
    to: 'if (!changed) publishChanges(',
    seed: 17,
  },
  {
    name: 'server: fan-out passes over who was removed (rule 10)',
    file: 'packages/db/src/inbox/fanout.ts',
    from: 'or left_rev > from_rev or',
    to: 'or',
    seed: 23,
  },
  {
    name: 'server: the fan-out puts a read position back (rule 7)',
    file: 'packages/db/src/inbox/fanout.ts',
    from: 'read_seq = greatest(e.read_seq, excluded.read_seq)',
    to: 'read_seq = excluded.read_seq',
    seed: 1,
  },
  {
    name: 'server: what is not indexed yet is not searched (rule 11)',
    file: 'packages/search/src/query/tail.ts',
    from: 'if (wanted.length === 0) return NOTHING;',
    to: 'return NOTHING;',
    seed: 9,
  },
  {
    name: 'a device does not find what is newer in its windows than on its disk',
    file: 'packages/search/src/device/local-search.ts',
    from: '[...others, ...inWindows]',
    to: '[...others]',
    seed: 12,
  },
];

/** Past bugs, put back: a check that their runs in `regressions/` still find them. */
export const PAST: readonly FoundByKept[] = [
  {
    name: 'of two tabs the draft with the later time stands, though the clock was set back',
    file: 'packages/sync/src/pending/local-draft.ts',
    from: 'const bHasAll = includesAll(unionVersions(b.edits, stored), a.edits);',
    to: 'const bHasAll = true;',
    kept: 'rule-6-draft-lost-1230.json',
  },
  {
    name: 'a tab that has a draft from the server is taken not to know what another has put into it',
    file: 'packages/sync/src/pending/local-draft.ts',
    from: 'const stored = unionVersions(a.stored, b.stored);',
    to: 'const stored = {};',
    kept: 'rule-12-draft-back-16836.json',
  },
  {
    name: 'a clock set back makes wake-ups go unheard',
    file: 'packages/sync/src/link.ts',
    from: 'return ms < 0 ? Number.POSITIVE_INFINITY : ms;',
    to: 'return ms;',
    kept: 'rule-12-entry-pos-17.json',
  },
  {
    name: 'nobody notes that a sender has read where a conversation outgrew the fan-out',
    file: 'packages/db/src/inbox/fanout.ts',
    from: "where m.state <> 'system'",
    to: "where w.everyone and m.state <> 'system'",
    kept: 'rule-12-entry-readSeq-53.json',
  },
  {
    name: 'a tab that sent a draft is taken to have nothing to say about it, as it had tried nothing',
    file: 'packages/sync/src/pending/local-draft.ts',
    from: 'includesAll(high.edits, low.edits) || (!low.pending && high.known === null)',
    to: 'includesAll(high.edits, low.edits) || !low.pending',
    kept: 'rule-12-draft-back-366.json',
  },
  {
    name: 'what came and went between two writes is written all the same',
    file: 'packages/sync/src/mirror.ts',
    from: 'new Set([...old.entries.keys(), ...this.#held.keys()])',
    to: 'new Set([...old.entries.keys()])',
    kept: 'rule-10-disk-kept-900263.json',
  },
  {
    name: 'an answer that there is no such conversation drops one that came while it was on its way',
    file: 'packages/sync/src/refresh.ts',
    from: 'if (entry && entry.pos !== pos) job.again = true;',
    to: 'if (entry && entry.pos < 0) job.again = true;',
    kept: 'rule-4-list-1002842.json',
  },
  {
    name: 'a tab that has left keeps the read position that another tab has dropped',
    file: 'packages/sync/src/pending/read.ts',
    from: '?.readSeq ?? Number.POSITIVE_INFINITY),',
    to: '?.readSeq ?? 0),',
    kept: 'rule-9-pending-1003845.json',
  },
  {
    name: 'an edit is taken to be on its way, because the one before it was',
    file: 'packages/sync/src/pending/queue.ts',
    from: 'held && isOnItsWay(held) ?',
    to: "held?.state === 'sending' ?",
    kept: 'rule-9-pending-1200041.json',
  },
];
