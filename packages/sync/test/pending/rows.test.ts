import fc from 'fast-check';
import { expect, it } from 'vitest';
import { emptyModel } from '../../src/model.ts';
import { type Command, inOrder, makeCommand } from '../../src/pending/command.ts';
import { withRow } from '../../src/pending/rows.ts';

/** Of two conversations: a message or an edit of one, in any state and order. */
const command = fc
  .record({
    name: fc.constantFrom('send', 'edit'),
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    where: fc.constantFrom('tea', 'sea'),
    order: fc.integer({ min: 0, max: 3 }),
    state: fc.constantFrom('pending', 'sending', 'failed'),
    storedRev: fc.option(fc.integer({ min: 1, max: 3 })),
  })
  .map(({ name, id, where: conversationId, order, state, storedRev }): Command => {
    const args = { conversationId, body: 'x', target: { seq: 1, clientId: null } };
    const made = makeCommand(
      name as 'send' | 'edit',
      `${name} ${id}`,
      `messages ${conversationId}`,
      args,
      order,
    );
    return { ...made, state, storedRev } as Command;
  });
const step = fc.record({ command, isGone: fc.boolean() });

const grouped = (commands: Iterable<Command>, of: (one: Command) => string | null) => {
  const lists = new Map<string, Command[]>();
  for (const one of [...commands].sort(inOrder)) {
    const key = of(one);
    if (key !== null) lists.set(key, [...(lists.get(key) ?? []), one]);
  }
  return lists;
};
const whereOf = ({ args }: Command) => (args as { conversationId: string }).conversationId;

it('the lists beside the commands say what a walk through all of them would say, in their order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let model = emptyModel('me');
      for (const { command, isGone } of steps) model = withRow(model, command.id, isGone ? null : command);
      const all = [...model.commands.values()];
      expect(model.waiting).toEqual(
        grouped(all, ({ state, storedRev, key }) => (state === 'pending' && storedRev === null ? key : null)),
      );
      expect(model.changes).toEqual(grouped(all, (one) => (one.name === 'edit' ? whereOf(one) : null)));
      expect(model.stored).toEqual(grouped(all, (one) => (one.storedRev === null ? null : whereOf(one))));
    }),
  );
});
