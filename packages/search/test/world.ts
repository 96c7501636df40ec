import { randomUUID } from 'node:crypto';
import { actions } from '@lockstep/core';
import { type Db, laggingConversations } from '@lockstep/db';
import { formatSearch } from '@lockstep/protocol';
import { makeWorld, type TestPerson } from '@lockstep/testing';
import { EXPORT_LIMITS, Searcher, type SearchIndex } from '../src/index.ts';
import type { AskPage } from '../src/searcher.ts';

/** What is found must not depend on how fast the machine is, in ms. */
const PATIENT = { away: 60_000, behind: 60_000 };

/** A workspace with an index on it. */
export const makeSearchWorld = async (makeIndex: (db: Db) => SearchIndex) => {
  const world = await makeWorld();
  const { core } = world;
  const index = makeIndex(core.db);
  await index.prepare();
  const searcher = new Searcher(core.db, index, PATIENT, EXPORT_LIMITS);

  const settle = async () => {
    for (;;) {
      const ids = await laggingConversations(core.db, index.consumer, 100);
      if (ids.length === 0) return;
      await index.apply(ids);
    }
  };
  const ask = (who: TestPerson, text: string, more: Partial<AskPage> & { everything?: boolean } = {}) => {
    const { everything = false, ...rest } = more;
    return searcher.page(
      { userId: who.id, everything },
      {
        text,
        typing: false,
        timeZone: 'UTC',
        now: Date.now(),
        cursor: null,
        limit: 50,
        facets: false,
        ...rest,
      },
    );
  };

  return {
    core,
    db: core.db,
    index,
    searcher,
    person: world.person,
    settle,
    ask,
    /** The texts that are found, newest first. */
    texts: async (who: TestPerson, text: string, more: Partial<AskPage> & { everything?: boolean } = {}) =>
      (await ask(who, text, more)).hits.map((hit) => hit.message.body),
    /** What was understood, and what was said to be wrong. */
    understood: async (who: TestPerson, text: string) => {
      const { query, problems } = await ask(who, text);
      return { written: formatSearch(query), problems: problems.map(({ code }) => code) };
    },
    group: async (owner: TestPerson, title: string, ...others: TestPerson[]) =>
      (await actions.createGroup(owner.actor, core, { title, userIds: others.map(({ id }) => id) }))
        .conversation.id,
    direct: async (a: TestPerson, b: TestPerson) =>
      (await actions.openDirect(a.actor, core, { userId: b.id })).conversation.id,
    send: (who: TestPerson, conversationId: string, body: string) =>
      actions.sendMessage(who.actor, core, { conversationId, clientId: randomUUID(), body }),
    close: async () => {
      await index.close();
      await world.close();
    },
  };
};
