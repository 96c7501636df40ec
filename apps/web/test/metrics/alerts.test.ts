import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWakeups } from '@lockstep/core/queue';
import { createDb, type Db, inTransaction } from '@lockstep/db';
import { type TestDatabase, testDatabase } from '@lockstep/testing/cluster';
import { type Person, signUpPerson } from '@lockstep/testing/kit/people';
import { Scrapes } from '@lockstep/testing/prometheus';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  endProcesses,
  type Scraped,
  startWebProcess,
  startWorkerProcess,
  type WebProcess,
} from './processes.ts';
import { firing, RULES } from './rules.ts';

// Each rule of deploy/prometheus-alerts.yml, against what real processes expose after they were driven into its state.
// Not held here: that the state lasts for the `for` of the rule.

/** Processes are started on the way, which takes its time on a busy machine. In ms. */
const SLOW = { timeout: 120_000 };

const tested = new Set<string>();
const fires = (alert: string, drive: () => Promise<void>) => {
  tested.add(alert);
  return it(`${alert} fires`, drive, 3 * SLOW.timeout);
};

let scrapes: Scrapes;
beforeEach(() => {
  scrapes = new Scrapes();
});

/** Scrapes until the alert fires. */
const untilFires = (alert: string, ...processes: Scraped[]) =>
  expect
    .poll(async () => {
      for (const one of processes) await one.scrape(scrapes);
      return firing(scrapes);
    }, SLOW)
    .toContain(alert);

interface Scene {
  database: TestDatabase;
  db: Db;
  web: WebProcess;
  ann: Person;
  conversationId: string;
}

const open = async (env: Record<string, string> = {}): Promise<Scene> => {
  const database = await testDatabase();
  const db = createDb({ connectionString: database.url, poolSize: 3 });
  const web = await startWebProcess(database.url, env);
  const ann = await signUpPerson(web.url, 'Ann');
  const made = await ann.api.mutate('conversations.createGroup', { title: 'Tea', userIds: [] });
  return { database, db, web, ann, conversationId: made.conversation.id };
};

const close = async ({ db, database }: Scene) => {
  await db.close();
  await database.drop();
};

const send = ({ ann, conversationId }: Scene, body = 'hello') =>
  ann.api.mutate('messages.send', { conversationId, clientId: randomUUID(), body });

afterAll(endProcesses);

describe('with all that belongs to it', () => {
  let scene: Scene;
  let worker: Scraped;
  beforeAll(async () => {
    scene = await open({ PUSH: 'postgres' });
    worker = await startWorkerProcess(scene.database.url);
  }, SLOW.timeout);
  afterAll(async () => {
    await worker.end();
    await close(scene);
  });

  it(
    'nothing fires while all is well',
    async () => {
      const { web } = scene;
      await expect
        .poll(async () => {
          const all = new Scrapes();
          for (let n = 0; n < 2; n++) {
            for (const one of [web, worker]) await one.scrape(all);
            if (n === 0) for (let m = 0; m < 20; m++) await send(scene);
          }
          // It has seen something: also a rule that can never hold would not fire.
          expect(all.series.find(({ name }) => name === 'lockstep_appends_total')?.points).toHaveLength(2);
          return firing(all);
        }, SLOW)
        .toEqual([]);
    },
    2 * SLOW.timeout,
  );

  fires('LockstepDiskFull', async () => {
    const { db, web } = scene;
    await db.pool.query(`create function full_disk() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$;
      create trigger full_disk before insert on message execute function full_disk()`);
    const sent = send(scene);
    await untilFires('LockstepDiskFull', web);
    await db.pool.query('drop trigger full_disk on message');
    // It was tried again.
    expect(await sent).toMatchObject({ seq: expect.any(Number) });
  });

  fires('LockstepSlowSends', async () => {
    const { db, web, conversationId } = scene;
    await send(scene);
    await web.scrape(scrapes);
    let sent: Promise<unknown> | undefined;
    await inTransaction(db.pool, async (client) => {
      await client.query('select 1 from conversation where id = $1 for update', [conversationId]);
      sent = send(scene);
      await client.query('select pg_sleep(1.5)');
    });
    await sent;
    await untilFires('LockstepSlowSends', web);
  });

  fires('LockstepErrors', async () => {
    const { db, web, ann } = scene;
    await web.scrape(scrapes);
    await db.pool.query('alter table saved_search rename to elsewhere');
    await expect(ann.api.query('searches.list', undefined)).rejects.toMatchObject({ code: 'internal' });
    await db.pool.query('alter table elsewhere rename to saved_search');
    await untilFires('LockstepErrors', web);
  });

  fires('LockstepPoolWaiting', async () => {
    const { db, web, ann } = scene;
    const others = await Promise.all(
      Array.from({ length: 5 }, (_, n) => signUpPerson(web.url, `Guest ${n}`)),
    );
    await inTransaction(db.pool, async (client) => {
      await client.query('lock table inbox_entry in access exclusive mode');
      const calls = [ann, ...others].flatMap(({ api }) =>
        Array.from({ length: 5 }, () => api.query('sync.inbox', { afterPos: 0 }).catch(() => {})),
      );
      // Also: a scrape is answered while everything in the database waits.
      await untilFires('LockstepPoolWaiting', web);
      await client.query('rollback');
      await Promise.all(calls);
    });
  });

  fires('LockstepSlowDelivery', async () => {
    const { database, web } = scene;
    const other = await startWebProcess(database.url, { PUSH: 'postgres' });
    await expect
      .poll(async () => {
        await send(scene);
        await other.scrape(scrapes);
        return scrapes.series
          .find(
            ({ name, labels }) =>
              name === 'lockstep_delivery_seconds_count' && labels.instance === String(other.metricsPort),
          )
          ?.points.at(-1)?.value;
      }, SLOW)
      .toBeGreaterThan(0);
    other.child.kill('SIGSTOP');
    await send(scene);
    await scene.db.pool.query('select pg_sleep(2.5)');
    other.child.kill('SIGCONT');
    await untilFires('LockstepSlowDelivery', other);
    await other.end();
    await web.scrape(scrapes);
  });

  fires('LockstepEventLoopLag', async () => {
    const { db, web } = scene;
    await expect
      .poll(async () => {
        // Each scrape begins a new count, of which one stop must be more than a hundredth.
        await web.scrape(scrapes);
        web.child.kill('SIGSTOP');
        await db.pool.query('select pg_sleep(1)');
        web.child.kill('SIGCONT');
        await web.scrape(scrapes);
        return firing(scrapes);
      }, SLOW)
      .toContain('LockstepEventLoopLag');
  });

  fires('LockstepMemory', async () => {
    const { web } = scene;
    for (let n = 0; n < 4; n++) {
      web.child.send(250_000_000);
      await once(web.child, 'message');
    }
    await untilFires('LockstepMemory', web);
  });

  fires('LockstepConsumerFailing', async () => {
    const { db } = scene;
    await worker.scrape(scrapes);
    await db.pool.query('alter table inbox_cursor rename to elsewhere');
    await send(scene);
    await untilFires('LockstepConsumerFailing', worker);
    await db.pool.query('alter table elsewhere rename to inbox_cursor');
  });

  fires('LockstepRestarts', async () => {
    const { database } = scene;
    const { metricsPort } = worker;
    await worker.scrape(scrapes);
    for (let n = 0; n < 3; n++) {
      await worker.end();
      worker = await startWorkerProcess(database.url, metricsPort);
      await worker.scrape(scrapes);
    }
    expect(firing(scrapes)).toContain('LockstepRestarts');
  });

  fires('LockstepDown', async () => {
    await worker.end();
    await worker.scrape(scrapes);
    expect(firing(scrapes)).toContain('LockstepDown');
  });
});

describe('without a worker', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await open();
  }, SLOW.timeout);
  afterAll(() => close(scene));

  fires('LockstepPartFailing', () => untilFires('LockstepPartFailing', scene.web));

  for (const [alert, age] of [
    ['LockstepFanOutLag', '1 minute'],
    ['LockstepIndexLag', '10 minutes'],
  ] as const)
    fires(alert, async () => {
      await send(scene);
      await scene.db.pool.query('update message set created_at = now() - $1::interval', [age]);
      await untilFires(alert, scene.web);
    });

  fires('LockstepQueueGrows', async () => {
    const { database, web } = scene;
    const wakeups = createWakeups({ databaseUrl: database.url }, pino({ level: 'silent' }));
    await expect.poll(() => wakeups.waiting().catch(() => -1)).toBeGreaterThanOrEqual(0);
    wakeups.enqueue(Array.from({ length: 100 * 1_001 }, () => randomUUID()));
    await untilFires('LockstepQueueGrows', web);
    await wakeups.close();
  });
});

it('no rule is left out', () => {
  expect([...tested].sort()).toEqual(RULES.map(({ alert }) => alert).sort());
});
