import {
  type Conversation,
  can,
  canEdit,
  canReadEarlierTexts,
  canRecall,
  canRemove,
  isLastOwner,
  type Role,
  type Verb,
} from '@lockstep/protocol';
import { describe, expect, test } from 'vitest';

const PLACES: Record<string, Pick<Conversation, 'kind' | 'visibility'>> = {
  direct: { kind: 'direct', visibility: 'private' },
  group: { kind: 'group', visibility: 'private' },
  private: { kind: 'channel', visibility: 'private' },
  public: { kind: 'channel', visibility: 'public' },
};
const ROLES: Role[] = ['owner', 'admin', 'member'];

/** Who may, per place, by the first letters of the roles. */
const MATRIX: Record<Verb, Record<keyof typeof PLACES, string>> = {
  read: { direct: 'oam', group: 'oam', private: 'oam', public: 'oam' },
  send: { direct: 'oam', group: 'oam', private: 'oam', public: 'oam' },
  leave: { direct: '', group: 'oam', private: 'oam', public: 'oam' },
  addMembers: { direct: '', group: 'oa', private: 'oa', public: 'oam' },
  rename: { direct: '', group: 'oa', private: 'oa', public: 'oa' },
  setTopic: { direct: '', group: 'oa', private: 'oa', public: 'oa' },
  removeMember: { direct: '', group: 'oa', private: 'oa', public: 'oa' },
  recallOthers: { direct: '', group: 'oa', private: 'oa', public: 'oa' },
  setRole: { direct: '', group: 'o', private: 'o', public: 'o' },
};

describe('who may do what', () => {
  for (const [verb, row] of Object.entries(MATRIX)) {
    test(verb, () => {
      for (const [name, place] of Object.entries(PLACES)) {
        const allowed = ROLES.filter((role) => can(role, verb as Verb, place)).map((role) => role[0]);
        expect(allowed.join(''), name).toBe(row[name]);
      }
    });
  }

  test('owners remove anyone, admins those below, members nobody', () => {
    const pairs = ROLES.flatMap((actor) => ROLES.map((target) => [actor, target] as const));
    expect(pairs.filter(([actor, target]) => canRemove(actor, target))).toEqual([
      ['owner', 'owner'],
      ['owner', 'admin'],
      ['owner', 'member'],
      ['admin', 'member'],
    ]);
  });

  test('a text is edited by its author, and taken back by those who keep order too', () => {
    const [me, other] = [{ senderId: 'me' }, { senderId: 'other' }];
    expect([canEdit('me', me), canEdit('me', other)]).toEqual([true, false]);
    for (const [name, where] of Object.entries(PLACES)) {
      const letters = (message: { senderId: string }) =>
        ROLES.filter((role) => canRecall('me', role, message, where)).map((role) => role[0]);
      expect(letters(me).join('')).toBe('oam');
      expect(letters(other).join(''), name).toBe(MATRIX.recallOthers[name]);
    }
  });

  test('earlier texts are for members, or only for their author and admins of the workspace', () => {
    const message = { senderId: 'author' };
    const people = [
      { userId: 'author', role: 'member' },
      { userId: 'other', role: 'member' },
      { userId: 'other', role: 'admin' },
    ] as const;
    const readersOf = (readers: 'members' | 'author') =>
      people.map((person) => canReadEarlierTexts(person, message, readers));
    expect(readersOf('members')).toEqual([true, true, true]);
    expect(readersOf('author')).toEqual([true, false, true]);
  });

  test('the last owner', () => {
    expect(isLastOwner('owner', 1)).toBe(true);
    expect(isLastOwner('owner', 2)).toBe(false);
    expect(isLastOwner('admin', 1)).toBe(false);
  });
});
