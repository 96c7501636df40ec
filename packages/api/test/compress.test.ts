import { get } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { actions } from '@lockstep/core';
import { API_PATH } from '@lockstep/protocol';
import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiServer, startApi } from './server.ts';

describe('answers on the wire', () => {
  let world: World;
  let api: ApiServer;
  let ann: TestPerson;
  beforeAll(async () => {
    world = await makeWorld();
    api = await startApi(world.core);
    ann = await world.person('Ann');
    for (let n = 0; n < 30; n++)
      await actions.createGroup(ann.actor, world.core, { title: `Group 大 ${n}`, userIds: [] });
  });
  afterAll(async () => {
    await api.close();
    await world.close();
  });

  const fetchRaw = (path: string, accept?: string) =>
    new Promise<{ encoding: string | undefined; vary: string | undefined; length: number; body: Buffer }>(
      (resolve, reject) => {
        const headers = { cookie: ann.cookie, ...(accept ? { 'accept-encoding': accept } : {}) };
        get(`${api.url}${API_PATH}${path}`, { headers }, (res) => {
          const chunks: Buffer[] = [];
          res.on('data', (chunk: Buffer) => chunks.push(chunk));
          res.on('end', () => {
            const body = Buffer.concat(chunks);
            const { 'content-encoding': encoding, vary } = res.headers;
            resolve({ encoding, vary, length: Number(res.headers['content-length']), body });
          });
        }).on('error', reject);
      },
    );
  const INBOX = `sync.inbox?input=${encodeURIComponent(JSON.stringify({ afterPos: 0 }))}`;

  test('large ones are compressed as the client accepts, and say the same', async () => {
    const plain = await fetchRaw(INBOX);
    expect(plain).toMatchObject({ encoding: undefined, vary: expect.stringContaining('accept-encoding') });
    expect(JSON.parse(plain.body.toString()).result.data.entries).toHaveLength(30);
    for (const [accept, encoding, open] of [
      ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
      ['gzip;q=1.0, *;q=0', 'gzip', gunzipSync],
      ['br;q=0, gzip', 'gzip', gunzipSync],
    ] as const) {
      const answer = await fetchRaw(INBOX, accept);
      expect(answer).toMatchObject({
        encoding,
        vary: expect.stringContaining('accept-encoding'),
        length: answer.body.length,
      });
      expect(open(answer.body)).toEqual(plain.body);
      expect(answer.body.length).toBeLessThan(plain.body.length / 4);
    }
    expect((await fetchRaw(INBOX, 'identity, br;q=0')).body).toEqual(plain.body);
  });

  test('small ones go as they are, errors too', async () => {
    for (const path of ['me.get', 'conversations.get?input={}', 'nothing.here']) {
      const answer = await fetchRaw(path, 'gzip, br');
      expect(answer.encoding).toBeUndefined();
      expect(answer.length).toBe(answer.body.length);
      expect(() => JSON.parse(answer.body.toString())).not.toThrow();
    }
  });
});
