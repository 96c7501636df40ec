import {
  anyConversation,
  anyMessages,
  conversationsByIds,
  directMembers,
  earlierOf,
  membershipTrace,
  newestVersions,
  peopleByIds,
} from '@lockstep/db';
import {
  type HistoryContext,
  type HistoryHit,
  type HistoryPage,
  hasText,
  isRecalled,
  LockstepError,
  type MessageHistory,
  mentionsIn,
  namedIn,
  stateOf,
  textRevOf,
} from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import { searchHistory as find } from '@lockstep/search';
import type { Actor, Core } from '../context.ts';
import { audienceOf, membershipsOf } from '../history/audience.ts';
import { auditedRead } from '../history/audited-read.ts';
import type { Device } from '../session.ts';

// Message history, for admins of the workspace. Each of these reads has a reason, and is in the audit log before it
// returns. Errors of all: `forbidden`.

const MAX_VIEWERS = 500;
/** Of all versions of a message together. */
const MAX_VIEWERS_OF_ALL = 5_000;

/** One page, newest first. Each page has its own audit row. */
export const searchHistory = (
  actor: Actor,
  core: Core,
  from: Device,
  { reason, ...ask }: Parsed<'admin.search'>,
): Promise<HistoryPage> => {
  const { text, state, from: since, to, cursor = null, limit } = ask;
  const asked = { text, state, from: since, to, more: cursor !== null };
  return auditedRead(actor, core, from, { action: 'search', reason, asked }, async () => {
    const found = await find(core.search, core.db, {
      ...ask,
      cursor,
      limit,
      userId: actor.userId,
      now: Date.now(),
      facets: cursor === null,
      budget: core.budget,
    });
    const { page, next } = found;
    const hits = await withEarlier(core, found.hits);
    const ids = [
      ...new Set([...hits.map(({ message }) => message.conversationId), ...facetIds(page.facets)]),
    ];
    const directs = await directMembers(core.db, ids);
    const answer: HistoryPage = {
      hits,
      next,
      directs,
      conversations: await conversationsByIds(core.db, ids),
      people: await peopleByIds(core.db, [
        ...new Set([...peopleOf(hits), ...Object.values(directs).flat(), ...facetPeople(page.facets)]),
      ]),
      query: page.query,
      problems: page.problems,
      forgiven: page.forgiven,
      reach: page.reach,
      facets: page.facets,
    };
    return {
      answer,
      answered: hits.length,
      conversationIds: hits.map(({ message }) => message.conversationId),
    };
  });
};

/** The messages around a message, including recalled texts. Errors: `not_found`. */
export const openHistory = (
  actor: Actor,
  core: Core,
  from: Device,
  { reason, conversationId, seq, limit }: Parsed<'admin.open'>,
): Promise<HistoryContext> =>
  auditedRead(
    actor,
    core,
    from,
    { action: 'open', reason, asked: { conversationId, seq, limit } },
    async () => {
      const conversation = await anyConversation(core.db, conversationId);
      const first = Math.max(1, Math.min(seq - Math.floor(limit / 2), conversation.headSeq - limit + 1));
      const last = Math.min(first + limit - 1, conversation.headSeq);
      const bytes = core.budget?.limits.bytes;
      const rows = await anyMessages(core.db, conversationId, { from: first, to: last, near: seq, bytes });
      const messages = await withEarlier(
        core,
        rows.map((message) => ({ message, marks: [], found: null })),
      );
      const members = (await directMembers(core.db, [conversationId]))[conversationId] ?? [];
      const answer: HistoryContext = {
        conversation,
        messages,
        members,
        people: await peopleByIds(core.db, [...new Set([...peopleOf(messages), ...members])]),
        hasBefore: (rows[0]?.seq ?? first) > 1,
        hasAfter: (rows.at(-1)?.seq ?? last) < conversation.headSeq,
      };
      return { answer, answered: messages.length, conversationIds: [conversationId] };
    },
  );

/** The texts that a message had, the newest LIMITS.page of them, and who could see each. Errors: `not_found`. */
export const messageHistory = (
  actor: Actor,
  core: Core,
  from: Device,
  { reason, conversationId, seq }: Parsed<'admin.versions'>,
): Promise<MessageHistory> =>
  auditedRead(actor, core, from, { action: 'versions', reason, asked: { conversationId, seq } }, async () => {
    const conversation = await anyConversation(core.db, conversationId);
    const [message] = await anyMessages(core.db, conversationId, { from: seq, to: seq, near: seq });
    if (!message || stateOf(message) === 'system') throw new LockstepError('not_found');
    const stays = membershipsOf(await membershipTrace(core.db, conversationId), conversation.createdAt);
    const { createdAt, editedAt, recalledAt } = message;
    const texts = await newestVersions(core.db, conversationId, seq, core.budget?.limits.bytes);
    const latest = (texts.at(-1)?.version ?? 0) + 1;
    if (hasText(message))
      texts.push({ version: latest, body: message.body, createdAt: editedAt ?? createdAt });
    const most = Math.min(MAX_VIEWERS, Math.ceil(MAX_VIEWERS_OF_ALL / texts.length));
    const versions = texts.map(({ version, body: text, createdAt: at }) => {
      const viewers = audienceOf(stays, {
        seq,
        at,
        first: version === 1,
        recalled: recalledAt === null ? null : { rev: textRevOf(message), at: recalledAt },
      });
      return {
        version,
        body: text,
        createdAt: at,
        current: hasText(message) && version === latest,
        viewers: viewers.slice(0, most),
        viewerCount: new Set(viewers.map(({ userId }) => userId)).size,
      };
    });
    const people = versions.flatMap(({ viewers }) => viewers.map(({ userId }) => userId));
    const answer: MessageHistory = {
      message,
      conversation,
      versions,
      people: await peopleByIds(core.db, [...new Set([message.senderId, ...people])]),
    };
    return { answer, answered: versions.length, conversationIds: [conversationId] };
  });

type Bare = Pick<HistoryHit, 'message' | 'marks' | 'found'>;

/** Restores recalled texts and adds the number of earlier texts. */
const withEarlier = async (core: Core, hits: Bare[]): Promise<HistoryHit[]> => {
  const earlier = await earlierOf(
    core.db,
    hits.map(({ message }) => message),
    core.budget?.limits.bytes,
  );
  return hits.map(({ message, marks, found }) => {
    const { count = 0, last = null } = earlier.get(`${message.conversationId} ${message.seq}`) ?? {};
    const recalled = isRecalled(message);
    const isLast = recalled && found?.version === count;
    return {
      message: recalled ? { ...message, body: last } : message,
      marks: isLast ? found.marks : marks,
      state: recalled ? 'recalled' : message.editedAt !== null || count > 0 ? 'edited' : 'plain',
      versions: count,
      found: isLast ? null : found,
    };
  });
};

const facetIds = (facets: HistoryPage['facets']) =>
  facets?.conversations.map((one) => one.conversationId) ?? [];
const facetPeople = (facets: HistoryPage['facets']) => facets?.people.map((one) => one.userId) ?? [];

const peopleOf = (hits: Pick<HistoryHit, 'message' | 'found'>[]): string[] => [
  ...namedIn(hits.map(({ message }) => message)),
  ...hits.flatMap(({ found }) => mentionsIn(found?.body ?? null)),
];
