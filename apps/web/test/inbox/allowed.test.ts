import type { ConversationKind, Role, Visibility } from '@lockstep/protocol';
import { sampleEntry } from '@lockstep/testing/samples';
import { expect, it } from 'vitest';
import { allowedIn } from '../../lib/allowed.ts';

const offered = (kind: ConversationKind, visibility: Visibility, role: Role | null) => {
  const { remove, ...verbs } = allowedIn(sampleEntry({ kind, visibility }, { role }));
  const names = Object.entries(verbs).flatMap(([name, may]) => (may ? [name] : []));
  const targets = (['owner', 'admin', 'member'] as const).filter(remove);
  return { names, targets };
};

it.each<[ConversationKind, Visibility, Role | null, names: string[], targets: Role[]]>([
  [
    'group',
    'private',
    'owner',
    ['rename', 'setTopic', 'addMembers', 'setRole', 'leave'],
    ['owner', 'admin', 'member'],
  ],
  ['group', 'private', 'admin', ['rename', 'setTopic', 'addMembers', 'leave'], ['member']],
  ['group', 'private', 'member', ['leave'], []],
  ['channel', 'public', 'member', ['addMembers', 'leave'], []],
  ['channel', 'private', 'admin', ['rename', 'setTopic', 'addMembers', 'leave'], ['member']],
  // Two people are equal, and stay.
  ['direct', 'private', 'owner', [], []],
  // One who looks at an open channel from outside is offered nothing (rule 10).
  ['channel', 'public', null, [], []],
])('in a %s (%s) the %s is offered what the server allows', (kind, visibility, role, names, targets) => {
  expect(offered(kind, visibility, role)).toEqual({ names, targets });
});
