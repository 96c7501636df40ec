import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDb, type Db } from '@lockstep/db';
import { PROTOCOL_VERSION, VERSION_HEADER } from '@lockstep/protocol';
import { type TestDatabase, testDatabase } from '@lockstep/testing/cluster';
import { type Person, signInPerson, signUpPerson } from '@lockstep/testing/kit/people';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endProcesses, startWebProcess, startWorkerProcess } from './processes.ts';

/** In ms. */
const SLOW = { timeout: 120_000 };

// Marks that stand nowhere but in what people write.
const TEXT = 'zwetschgendatschi';
const PASSWORD = 'marillenknoedel 4711';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await testDatabase();
  db = createDb({ connectionString: database.url, poolSize: 2 });
});
afterAll(async () => {
  await endProcesses();
  await db.close();
  await database.drop();
});

const post = (url: string, procedure: string, body: string, cookie = '') =>
  fetch(`${url}/api/trpc/${procedure}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      [VERSION_HEADER]: String(PROTOCOL_VERSION),
      origin: url,
      cookie,
    },
    body,
  }).then(({ status }) => status);

/** Everything that is done with a text, a password or an address, in ways that work and in ways that fail. */
const beBusy = async (url: string, ann: Person, cookie: string) => {
  const made = await ann.api.mutate('conversations.createGroup', { title: `${TEXT} Tea`, userIds: [] });
  const conversationId = made.conversation.id;
  const sending = (body = TEXT) => JSON.stringify({ conversationId, clientId: randomUUID(), body });
  const statuses: number[] = [];
  const note = async (status: Promise<number>) => statuses.push(await status);
  for (let n = 0; n < 50; n++) await note(post(url, 'messages.send', sending(`${TEXT} ${n}`), cookie));
  await note(post(url, 'messages.send', `{"body":"${TEXT}`, cookie));
  await note(post(url, 'messages.send', JSON.stringify({ body: TEXT }), cookie));
  await note(post(url, `${TEXT}.send`, sending(), cookie));
  await note(post(url, 'messages.send', sending(), `${cookie}${TEXT}`));
  const wrong = { email: ann.email, password: `${PASSWORD} wrong` };
  await note(post(url, 'auth.signIn', JSON.stringify(wrong)));
  await note(post(url, 'auth.signUp', JSON.stringify({ ...wrong, name: TEXT })));
  await ann.api.query('search.messages', { text: TEXT }).catch(() => {});

  // A row that the database refuses: it would say so with the row itself.
  await db.pool.query(`alter table message add constraint refused check (body not like '%REFUSED%')`);
  await note(post(url, 'messages.send', sending(`${TEXT} REFUSED`), cookie));
  // Defects everywhere.
  await db.pool.query('alter table message rename to elsewhere');
  await note(post(url, 'messages.send', sending(), cookie));
  await ann.api.query('search.messages', { text: TEXT }).catch(() => {});
  await db.pool.query('alter table elsewhere rename to message');
  await db.pool.query('alter table "user" rename to elsewhere');
  await note(post(url, 'auth.signIn', JSON.stringify({ email: ann.email, password: PASSWORD })));
  await note(post(url, 'auth.signUp', JSON.stringify({ ...wrong, name: TEXT, email: `x${ann.email}` })));
  await db.pool.query('alter table elsewhere rename to "user"');
  return statuses;
};

const notFannedOut = async () => {
  const { rows } = await db.pool.query<{ n: number }>(
    `select count(*)::int as n from conversation c
     left join checkpoint k on k.conversation_id = c.id and k.consumer = 'fanout'
     where c.head_rev > coalesce(k.rev, 0)`,
  );
  return rows[0]?.n;
};

/** Of the Postgres of this test run, which starts as the embedded one does. */
const postgresLog = async () => {
  const { rows } = await db.pool.query<{ data_directory: string }>('show data_directory');
  return readFileSync(join(rows[0]?.data_directory ?? '', 'log/postgres.log'), 'utf8');
};

it(
  'a busy server writes no text, no password, no cookie, no name and no address of a person into its logs',
  async () => {
    const before = (await postgresLog()).length;
    const web = await startWebProcess(database.url, { LOG_LEVEL: 'trace' });
    const worker = await startWorkerProcess(database.url, undefined, { LOG_LEVEL: 'trace' });
    const ann = await signUpPerson(web.url, 'Quittengelee');
    const cookie = await signInPerson(web.url, ann);
    const statuses = await beBusy(web.url, ann, cookie);
    // It has failed in all these ways.
    expect(new Set(statuses)).toEqual(new Set([200, 400, 401, 404, 409, 500]));
    await web.end('SIGINT');
    // The worker has had all of it in its hands.
    await expect.poll(notFannedOut).toBe(0);
    await worker.end('SIGTERM');

    const logs = {
      web: await web.log,
      worker: await worker.log,
      postgres: (await postgresLog()).slice(before),
    };
    expect(logs.web).toContain('api: a defect');
    expect(logs.worker).toContain('working');
    expect(logs.postgres).toContain('violates check constraint');
    const [, token = ''] = cookie.split('=');
    const secrets = [TEXT, PASSWORD, ann.password, ann.email, ann.name, 'Quittengelee', token.slice(0, 20)];
    for (const [name, log] of Object.entries(logs))
      for (const secret of secrets) expect(log.toLowerCase(), name).not.toContain(secret.toLowerCase());
    for (const line of [logs.web, logs.worker].flatMap((log) => log.trimEnd().split('\n')))
      expect(JSON.parse(line)).toMatchObject({ time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) });
  },
  3 * SLOW.timeout,
);
