import { appendHistory, createConversation, type Db, uuidv5 } from '@lockstep/db';
import { readCorpus } from '../../../../bench/rig/corpus.ts';
import { importUbuntu } from '../../../../scripts/test/world.ts';
import { CASES } from './cases.ts';

/** The whole of the real text in two channels of one person: #ubuntu with its own people and times, and #聊天; and CASES. */
export const importAll = async (
  db: Db,
  folder: string,
  ownerId: string,
  person: (name: string) => Promise<{ id: string }>,
): Promise<void> => {
  await importCases(db, ownerId, person);
  await importUbuntu(db, { folder: `${folder}/irc-ubuntu` });
  const id = uuidv5('chinese');
  await createConversation(
    db,
    { id, kind: 'channel', visibility: 'public', title: '聊天', topic: null, createdBy: ownerId },
    (tx) => tx.join([ownerId], 'owner'),
  );
  const start = Date.parse('2016-01-01T00:00:00Z');
  await appendHistory(
    db,
    id,
    readCorpus(folder).chinese.map((body, i) => ({
      senderId: ownerId,
      clientId: uuidv5(`chinese ${i}`),
      body,
      system: null,
      createdAt: new Date(start + i * 60_000),
    })),
  );
};

const importCases = async (
  db: Db,
  ownerId: string,
  person: (name: string) => Promise<{ id: string }>,
): Promise<void> => {
  const id = uuidv5('cases');
  const people = new Map<string, string>();
  for (const [name] of CASES) if (!people.has(name)) people.set(name, (await person(name)).id);
  await createConversation(
    db,
    { id, kind: 'channel', visibility: 'public', title: 'Cases and codes', topic: null, createdBy: ownerId },
    (tx) => tx.join([ownerId, ...people.values()], 'owner'),
  );
  await appendHistory(
    db,
    id,
    CASES.map(([name, body], i) => ({
      senderId: people.get(name) as string,
      clientId: uuidv5(`case ${i}`),
      body,
      system: null,
      createdAt: new Date(Date.parse('2017-05-07T00:00:00Z') + i * 60_000),
    })),
  );
};
