import type { Core, Publisher } from '@lockstep/core';
import type { OtherConnection } from '@lockstep/testing/other-connection';

export interface ReadBack {
  publish: Publisher;
  enqueueConversations: Core['enqueueConversations'];
  /** What was pushed since `begin`, in words. */
  pushed: Set<string>;
  /** What of it the other connection did not see at that moment. */
  unseen: Set<string>;
  /** The searches of the person whose devices were told of them, as they stood then. */
  searches: unknown[];
  /** Forgets what was pushed, and notes where the conversations stand now. */
  begin(): void;
}

/**
 * A publisher that reads back on another connection whatever it is given, while this thread stands still and can commit
 * nothing. A new kind of push needs its line here.
 */
export const readBack = (other: OtherConnection): ReadBack => {
  const heads = new Map<string, number>();
  const isThere = (text: string, values: unknown[]): boolean => other.rows(text, values).length > 0;
  const check = (what: string, seen: boolean): void => {
    result.pushed.add(what);
    if (!seen) result.unseen.add(what);
  };
  const membersAmong = (conversationId: string, userIds: string[]): number =>
    other.rows('select 1 from active_member where conversation_id = $1 and user_id = any($2::uuid[])', [
      conversationId,
      userIds,
    ]).length;

  const publish: Publisher = {
    changes: ({ conversationId, messages, conversation }) => {
      for (const { seq, rev } of messages)
        check(
          'a message',
          isThere('select 1 from message where conversation_id = $1 and seq = $2 and rev = $3', [
            conversationId,
            seq,
            rev,
          ]),
        );
      if (!conversation) return;
      // A device takes it for the state at the last change of its event.
      check('the conversation', conversation.headRev === messages.at(-1)?.rev);
      const { title, topic, memberCount, headRev } = conversation;
      check(
        'the conversation',
        isThere(
          `select 1 from conversation where id = $1 and title is not distinct from $2 and topic is not distinct from $3
             and member_count = $4 and head_rev = $5`,
          [conversationId, title, topic, memberCount, headRev],
        ),
      );
    },
    inbox: (userId, { conversation, pos, readSeq, draft, pinnedAt, role }) =>
      check(
        'an inbox entry',
        isThere(
          `select 1 from inbox_entry where user_id = $1 and conversation_id = $2 and pos = $3 and read_seq = $4
             and coalesce(draft_text, '') = $5 and (pinned_at is not null) = $6 and removed = $7`,
          [userId, conversation.id, pos, readSeq, draft?.text ?? '', pinnedAt !== null, role === null],
        ),
      ),
    receipt: ({ conversationId, userId, readSeq }) =>
      check(
        'a receipt',
        isThere('select 1 from inbox_entry where user_id = $1 and conversation_id = $2 and read_seq = $3', [
          userId,
          conversationId,
          readSeq,
        ]),
      ),
    people: ({ people }) => {
      for (const { id, name, rev, admin, deactivated } of people)
        check(
          'a person',
          isThere(
            `select 1 from "user" where id = $1 and name = $2 and rev = $3 and (role = 'admin') = $4
               and (deactivated_at is not null) = $5`,
            [id, name, rev, admin ?? false, deactivated ?? false],
          ),
        );
    },
    searches: (userId) => {
      const text = 'select text, name from saved_search where user_id = $1 order by text';
      result.searches = other.rows(text, [userId]);
      check('the searches', true);
    },
    joined: (id, userIds) => check('who joined', membersAmong(id, userIds) === userIds.length),
    left: (id, userIds) => check('who left', membersAmong(id, userIds) === 0),
    ended: ({ userId, sessionId = null as string | null }) =>
      check(
        'an ended session',
        !isThere('select 1 from session where user_id = $1 and ($2::uuid is null or id = $2)', [
          userId,
          sessionId,
        ]),
      ),
    connected: async () => new Set(),
  };

  const result: ReadBack = {
    publish,
    enqueueConversations: (ids) => {
      for (const id of ids)
        check(
          'a wake-up',
          isThere('select 1 from conversation where id = $1 and head_rev > $2', [id, heads.get(id) ?? 0]),
        );
    },
    pushed: new Set(),
    unseen: new Set(),
    searches: [],
    begin: () => {
      result.pushed.clear();
      result.unseen.clear();
      heads.clear();
      for (const { id, head_rev } of other.rows<{ id: string; head_rev: number }>(
        'select id, head_rev from conversation',
      ))
        heads.set(id, head_rev);
    },
  };
  return result;
};
