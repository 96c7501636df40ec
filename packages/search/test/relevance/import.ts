import { appendHistory, createConversation, type Db, uuidv5 } from '@lockstep/db';
import { readCorpus } from '../../../../bench/rig/corpus.ts';
import { importUbuntu } from '../../../../scripts/test/world.ts';

/** The whole of the real text in two channels of one person: #ubuntu with its own people and times, and #聊天. */
export const importAll = async (db: Db, folder: string, ownerId: string): Promise<void> => {
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
