import {
  CONVERSATION_KINDS,
  can,
  isOpen,
  kindsWith,
  LIMITS,
  sharesReceipts,
  traitsOf,
} from '@lockstep/protocol';
import { expect, it } from 'vitest';

it('only public channels are open', () => {
  const all = CONVERSATION_KINDS.flatMap((kind) =>
    (['public', 'private'] as const).map((visibility) => ({ kind, visibility })),
  );
  expect(all.filter(isOpen)).toEqual([{ kind: 'channel', visibility: 'public' }]);
});

it('read positions are shared in small conversations, and never in channels', () => {
  const kindsOf = (memberCount: number) =>
    CONVERSATION_KINDS.filter((kind) => sharesReceipts({ kind, memberCount }));
  expect(kindsOf(2)).toEqual(['direct', 'group']);
  expect(kindsOf(LIMITS.receiptMembers - 1)).toEqual(['direct', 'group']);
  expect(kindsOf(LIMITS.receiptMembers)).toEqual([]);
});

it('a kind of a newer version is shown by its title, and nothing is offered there', () => {
  const kind = 'thread' as (typeof CONVERSATION_KINDS)[number];
  expect(traitsOf(kind)).toMatchObject({ hasTitle: true, hasPeer: false, isListed: false });
  expect(
    (['send', 'rename', 'leave'] as const).map((verb) => can('owner', verb, { kind, visibility: 'public' })),
  ).toEqual([true, false, false]);
});

it('a conversation goes by its title or by the other person', () => {
  expect(kindsWith('hasTitle')).toEqual(['group', 'channel']);
  expect(kindsWith('hasPeer')).toEqual(['direct']);
  expect(CONVERSATION_KINDS.map((kind) => traitsOf(kind).maxMembers)).toEqual([
    2,
    LIMITS.groupMembers,
    Number.POSITIVE_INFINITY,
  ]);
});
