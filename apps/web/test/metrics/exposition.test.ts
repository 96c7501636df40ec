import { randomUUID } from 'node:crypto';
import { ERROR_CODES } from '@lockstep/protocol';
import { type TestDatabase, testDatabase } from '@lockstep/testing/cluster';
import { type Person, signUpPerson } from '@lockstep/testing/kit/people';
import { exposed, families, metricsIn, samplesOf } from '@lockstep/testing/prometheus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  endProcesses,
  type Scraped,
  startWebProcess,
  startWorkerProcess,
  type WebProcess,
} from './processes.ts';
import { RULES, read } from './rules.ts';

const TOKEN = 'a-token-that-nobody-guesses';

let database: TestDatabase;
let web: WebProcess;
let worker: Scraped;
let ann: Person;
let conversationId: string;
beforeAll(async () => {
  database = await testDatabase();
  web = await startWebProcess(database.url, { HEALTH_TOKEN: TOKEN });
  worker = await startWorkerProcess(database.url);
  ann = await signUpPerson(web.url, 'Ann');
  const made = await ann.api.mutate('conversations.createGroup', { title: 'Tea', userIds: [] });
  conversationId = made.conversation.id;
}, 240_000);
afterAll(async () => {
  await endProcesses();
  await database.drop();
});

const ask = (port: number, path = '/metrics', init: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${port}${path}`, init);
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

/** As each process exposes it. */
const expositions = async () => {
  const texts = [await ask(web.metricsPort, '/metrics', bearer(TOKEN)), await ask(worker.metricsPort)];
  return Promise.all(texts.map((one) => one.text()));
};
const sampleOf = (text: string, name: string, labels: Record<string, string> = {}) =>
  samplesOf(text).find(
    (sample) =>
      sample.name === name &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )?.value;

const send = (body: string) =>
  ann.api.mutate('messages.send', { conversationId, clientId: randomUUID(), body });

describe('/metrics', () => {
  it('has a port of its own, and needs the token where there is one', async () => {
    expect((await ask(web.metricsPort, '/metrics', bearer(TOKEN))).headers.get('content-type')).toMatch(
      /^text\/plain; version=0\.0\.4/,
    );
    for (const init of [{}, bearer(`${TOKEN}x`), bearer('undefined')])
      expect((await ask(web.metricsPort, '/metrics', init)).status).toBe(401);
    expect((await ask(web.metricsPort, '/', bearer(TOKEN))).status).toBe(404);
    expect((await ask(worker.metricsPort, '/metrics', { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${web.url}/metrics`)).status).toBe(404);
  });

  it('counts what happens', async () => {
    const [before = ''] = await expositions();
    for (let n = 0; n < 5; n++) await send(`text ${n}`);
    await expect(
      ann.api.mutate('messages.send', { conversationId: randomUUID(), clientId: randomUUID(), body: 'x' }),
    ).rejects.toMatchObject({ code: 'not_found' });
    await expect
      .poll(async () => sampleOf((await expositions())[1] ?? '', 'lockstep_inbox_writes_total'))
      .toBeGreaterThan(0);
    const [after = ''] = await expositions();
    const grown = (name: string, labels: Record<string, string> = {}) =>
      (sampleOf(after, name, labels) ?? Number.NaN) - (sampleOf(before, name, labels) ?? Number.NaN);
    expect({
      stored: grown('lockstep_appends_total'),
      inBatches: grown('lockstep_append_batch_messages_sum'),
      acknowledged: grown('lockstep_send_ack_seconds_count'),
      calls: grown('lockstep_calls_total', { procedure: 'messages.send' }),
      errors: grown('lockstep_errors_total', { code: 'not_found' }),
    }).toEqual({ stored: 5, inBatches: 5, acknowledged: 5, calls: 6, errors: 1 });
    expect(grown('lockstep_delivery_seconds_count')).toBeGreaterThanOrEqual(1);
    expect(sampleOf(after, 'lockstep_part_up', { part: 'database' })).toBe(1);
    expect(sampleOf(after, 'lockstep_disk_free_bytes')).toBeGreaterThan(0);
    for (const code of ERROR_CODES) expect(sampleOf(after, 'lockstep_errors_total', { code })).toBeDefined();
  });

  it('keeps to the rules of the format, and no label tells of anybody', async () => {
    for (const text of await expositions()) {
      expect(families(text).length).toBeGreaterThan(20);
      expect(exposed(text)).toEqual([]);
      for (const secret of [ann.id, ann.name, ann.email, conversationId, 'text 1', '127.0.0.1'])
        expect(text).not.toContain(secret);
    }
  });
});

describe('deploy/', () => {
  /** What a Prometheus has that scrapes both. */
  const names = async () =>
    new Set(['up', ...(await expositions()).flatMap(samplesOf).map(({ name }) => name)]);

  it('the rules name only metrics that there are, and say what to do', async () => {
    const known = await names();
    expect(RULES.length).toBeGreaterThan(10);
    for (const { alert, expr, labels, annotations } of RULES) {
      for (const name of metricsIn(expr)) expect(known, `${alert}: ${name}`).toContain(name);
      expect(['warning', 'critical']).toContain(labels.severity);
      expect(annotations.summary && annotations.description, alert).toBeTruthy();
    }
  });

  it('so does the dashboard', async () => {
    const known = await names();
    const { panels } = JSON.parse(read('deploy/grafana-dashboard.json')) as {
      panels: { id: number; title: string; type: string; targets?: { expr: string }[] }[];
    };
    const shown = panels.filter(({ type }) => type !== 'row');
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { title, targets = [] } of shown) {
      expect(targets.length, title).toBeGreaterThan(0);
      for (const { expr } of targets)
        for (const name of metricsIn(expr.replaceAll('$__rate_interval', '5m')))
          expect(known, `${title}: ${name}`).toContain(name);
    }
    // Nothing of ours is measured that nobody sees.
    const seen = shown.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)).join(' ');
    for (const name of known)
      if (name.startsWith('lockstep_')) expect(seen).toContain(name.replace(/_(bucket|sum|count)$/, ''));
  });

  it('docs/monitoring.md has every metric of ours', async () => {
    const text = read('docs/monitoring.md');
    for (const exposition of await expositions())
      for (const { name } of families(exposition))
        if (name.startsWith('lockstep_')) expect(text).toContain(`\`${name}\``);
    for (const { alert } of RULES) expect(text).toContain(`\`${alert}\``);
  });
});
