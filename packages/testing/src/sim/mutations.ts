/** A bug put into the product on purpose, by a change of source text: the simulation has to find it. */
export interface Mutation {
  name: string;
  /** From the root of the repository. */
  file: string;
  /** Stands there exactly once; what it becomes. */
  from: string;
  to: string;
  /** The first seed that is known to find it. */
  seed: number;
}

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'fetches before it is subscribed (rule 5)',
    file: 'packages/sync/src/link.ts',
    from: 'this.onSocket(socket);\n    this.#catchUpNow();',
    to: 'this.onSocket(socket);\n    this.#caughtUpAt = this.context.clock.now();\n    this.#pollAfter(SWEEP_MS);',
    seed: 7,
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
    seed: 47,
  },
  {
    name: 'does not pull after a gap (rule 6)',
    file: 'packages/sync/src/engine.ts',
    from: 'if (applied.pull) void timelines.pull(id);',
    to: '',
    seed: 167,
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
    seed: 1,
  },
  {
    name: 'of two changes of one setting the first goes out (rule 13)',
    file: 'packages/sync/src/pending/personal.ts',
    from: '{ ...held.args.change, ...next.change }',
    to: '{ ...next.change, ...held.args.change }',
    seed: 1,
  },
  {
    name: 'sends an edit before its message',
    file: 'packages/sync/src/pending/edit.ts',
    from: `key: messagesKey,
  isReady: (model, { args }) => isStored(model, args),`,
    to: "key: ({ conversationId }) => ['edits', conversationId].join(),",
    seed: 1,
  },
  {
    name: 'brings a sent draft back',
    file: 'packages/sync/src/pending/drafts.ts',
    from: 'const draft = sentAs(store.model.drafts.get(conversationId), body, this.#edit());',
    to: 'const draft = store.model.drafts.get(conversationId) ?? sentAs(undefined, body, this.#edit());',
    seed: 6,
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
    from: 'else if (!before.has(line.key)) result',
    to: 'else result',
    seed: 117,
  },
  {
    name: 'lowers the read position (rule 7)',
    file: 'packages/sync/src/entries.ts',
    from: 'readSeq: Math.max(local.readSeq, incoming.readSeq),',
    to: 'readSeq: incoming.readSeq,',
    seed: 3,
  },
  {
    name: 'keeps a conversation that its person was removed from (rule 10)',
    file: 'packages/sync/src/entries.ts',
    from: 'return { model: stale ? model : leave(model, id, incoming.pos), pull: false, refresh: false };',
    to: 'return { model, pull: false, refresh: false };',
    seed: 14,
  },
  {
    name: 'forgets what came while a page was on its way (rule 5)',
    file: 'packages/sync/src/timelines.ts',
    from: '({ ...timeline, rev }, page, load.overlay)',
    to: '({ ...timeline, rev }, page, new Map())',
    seed: 59,
  },
  {
    name: 'does not hear a reset (rule 8)',
    file: 'packages/sync/src/timelines.ts',
    from: 'const next = replaceWindow({ ...timeline, rev }, page, overlay);',
    to: 'const next = { ...timeline, rev, loading: null, error: null };',
    seed: 28,
  },
  {
    name: 'server: does not tell of a recall (rule 6)',
    file: 'packages/core/src/actions/recall-message.ts',
    from: 'if (changed) publishChanges(',
    to: 'if (!changed) publishChanges(',
    seed: 11,
  },
  {
    name: 'server: fan-out passes over who was removed (rule 10)',
    file: 'packages/db/src/inbox/fanout.ts',
    from: 'or left_rev > from_rev or',
    to: 'or',
    seed: 186,
  },
  {
    name: 'server: the fan-out puts a read position back (rule 7)',
    file: 'packages/db/src/inbox/fanout.ts',
    from: 'read_seq = greatest(e.read_seq, excluded.read_seq)',
    to: 'read_seq = excluded.read_seq',
    seed: 3,
  },
  {
    name: 'server: what is not indexed yet is not searched (rule 11)',
    file: 'packages/search/src/query/tail.ts',
    from: 'if (wanted.length === 0) return NOTHING;',
    to: 'return NOTHING;',
    seed: 1,
  },
  {
    name: 'a device does not find what is newer in its windows than on its disk',
    file: 'packages/search/src/device/local-search.ts',
    from: '[...others, ...inWindows]',
    to: '[...others]',
    seed: 1,
  },
];

/** Past bugs, put back: how their runs in `regressions/` were found, and a check that these still find them. */
export const PAST: readonly Mutation[] = [
  {
    name: 'of two tabs the draft with the later time stands, though the clock was set back',
    file: 'packages/sync/src/pending/local-draft.ts',
    from: 'const bHasAll = includesAll(unionVersions(b.edits, stored), a.edits);',
    to: 'const bHasAll = true;',
    seed: 1_230,
  },
  {
    name: 'a tab that has a draft from the server is taken not to know what another has put into it',
    file: 'packages/sync/src/pending/local-draft.ts',
    from: 'const stored = unionVersions(a.stored, b.stored);',
    to: 'const stored = {};',
    seed: 16_836,
  },
  {
    name: 'a clock set back makes wake-ups go unheard',
    file: 'packages/sync/src/link.ts',
    from: 'return ms < 0 ? Number.POSITIVE_INFINITY : ms;',
    to: 'return ms;',
    seed: 17,
  },
  {
    name: 'nobody notes that a sender has read where a conversation outgrew the fan-out',
    file: 'packages/db/src/inbox/fanout.ts',
    from: "where m.state <> 'system'",
    to: "where w.everyone and m.state <> 'system'",
    seed: 53,
  },
];
