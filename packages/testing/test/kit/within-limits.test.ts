import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { enter, newAccount, signUpPerson } from '@lockstep/testing/kit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

/** A server that answers as ours does under a limit, the first times. */
let refusals: { status: number; code: string; retryAfterMs?: number }[] = [];
let asked: { at: number; path: string | undefined }[] = [];
const server = createServer((req, res) => {
  req.resume();
  asked.push({ at: performance.now(), path: req.url });
  const refusal = refusals.shift();
  const answer = refusal ? { error: { message: 'no', data: refusal } } : { result: { data: { id: 'me' } } };
  res.writeHead(refusal?.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
});
let url = '';
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
});

const limited = (retryAfterMs: number) => ({ status: 429, code: 'rate_limited', retryAfterMs });

it('people wait for as long as the server asks, with signing up as with each call', async () => {
  refusals = [limited(60), limited(60)];
  const person = await signUpPerson(url, 'Alice');
  expect(person.id).toBe('me');
  expect(asked).toHaveLength(3);
  refusals = [limited(60)];
  await person.api.query('people.get', { userIds: [] });
  expect(asked).toHaveLength(5);
  const [first, second, third, fourth, fifth] = asked.map(({ at }) => at) as [
    number,
    number,
    number,
    number,
    number,
  ];
  for (const waited of [second - first, third - second, fifth - fourth]) expect(waited).toBeGreaterThan(55);
});

it('any other refusal is told at once', async () => {
  refusals = [{ status: 403, code: 'invitation_required' }];
  await expect(enter(url, 'auth.signUp', newAccount('Ben'))).rejects.toMatchObject({
    code: 'invitation_required',
  });
  expect(asked).toHaveLength(1);
});
