import { actions } from '@lockstep/core';
import type { SystemEvent } from '@lockstep/protocol';
import type { TestPerson } from '@lockstep/testing';
import { describe, expect, test } from 'vitest';
import { ann, bob, channel, eve, group, ownPeople, world } from './people.ts';

ownPeople();

/** What the member rows of a conversation say, and the newest system message of a type. */
const stored = async (conversationId: string, person: TestPerson) => {
  const { rows } = await world.core.db.pool.query<{
    joined_seq: number;
    joined_rev: number;
    left_rev: number | null;
  }>('select joined_seq, joined_rev, left_rev from member where conversation_id = $1 and user_id = $2', [
    conversationId,
    person.id,
  ]);
  return rows[0];
};
const messageOf = async (conversationId: string, type: SystemEvent['type']) => {
  const { rows } = await world.core.db.pool.query<{ seq: number; rev: number }>(
    `select seq, rev from message where conversation_id = $1 and system->>'type' = $2 order by seq desc limit 1`,
    [conversationId, type],
  );
  if (!rows[0]) throw new Error(`no message of type ${type}`);
  return rows[0];
};

/** docs/adr/0002: the fan-out finds who came and went by the `rev` of the message that tells of it. */
describe('a membership begins and ends with its system message', () => {
  const begins = async (conversationId: string, person: TestPerson, type: SystemEvent['type']) => {
    const { seq, rev } = await messageOf(conversationId, type);
    expect(await stored(conversationId, person)).toEqual({
      joined_seq: seq,
      joined_rev: rev,
      left_rev: null,
    });
  };
  const ends = async (conversationId: string, person: TestPerson) => {
    const { rev } = await messageOf(conversationId, 'left');
    expect((await stored(conversationId, person))?.left_rev).toBe(rev);
  };

  test('of the creator of a group and the first members', async () => {
    const { id } = await group(bob);
    await begins(id, ann, 'created');
    await begins(id, bob, 'joined');
  });

  test('both of a direct', async () => {
    const { conversation } = await actions.openDirect(bob.actor, world.core, { userId: eve.id });
    await begins(conversation.id, bob, 'created');
    await begins(conversation.id, eve, 'created');
  });

  test('who is added, leaves, is added again and taken out', async () => {
    const { id: conversationId } = await group(eve);
    const add = () => actions.addMembers(ann.actor, world.core, { conversationId, userIds: [bob.id] });
    await add();
    await begins(conversationId, bob, 'joined');
    await actions.leaveConversation(bob.actor, world.core, { conversationId });
    await ends(conversationId, bob);
    await add();
    await begins(conversationId, bob, 'joined');
    await actions.removeMember(ann.actor, world.core, { conversationId, userId: bob.id });
    await ends(conversationId, bob);
  });

  test('who enters a public channel', async () => {
    const { id: conversationId } = await channel('public');
    await actions.joinChannel(bob.actor, world.core, { conversationId });
    await begins(conversationId, bob, 'joined');
  });
});
