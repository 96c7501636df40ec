import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { actions } from '@lockstep/core';
import { workExports } from '@lockstep/core/exports';
import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportDownloads } from '../../server/exports.ts';

const DEVICE = { ipAddress: null, userAgent: null };
const ASK = {
  reason: 'a complaint',
  text: 'hello',
  state: 'all',
  from: null,
  to: null,
  timeZone: 'UTC',
} as const;

describe('files of exports', () => {
  let world: World;
  let server: Server;
  let admin: TestPerson;
  let exportId: string;
  beforeAll(async () => {
    world = await makeWorld();
    admin = await world.person('Admin', { role: 'admin' });
    ({ id: exportId } = await actions.createExport(admin.actor, world.core, DEVICE, ASK));
    const { db, search, settings, log } = world.core;
    await workExports({ db, searcher: search, dataDir: settings.DATA_DIR, log });
    const download = exportDownloads(world.core);
    server = createServer((req, res) => void download(req, res));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await world.close();
  });
  const get = (cookie: string | undefined, file = 'manifest.json', method = 'GET') =>
    fetch(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/admin/exports/${exportId}/${file}`,
      {
        method,
        headers: cookie ? { cookie } : {},
      },
    );

  it('are there for the session that has said so in the audit log, to be saved and never shown', async () => {
    expect((await get(admin.cookie)).status).toBe(404);
    await actions.downloadExport(admin.actor, world.core, DEVICE, {
      exportId,
      file: 'manifest.json',
      reason: 'x',
    });
    const answer = await get(admin.cookie);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="manifest.json"');
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(JSON.parse(await answer.text())).toBeTypeOf('object');
  });

  it('and for nobody else, at no other address, by no other method', async () => {
    const [member, other] = [await world.person('Member'), await world.device(admin)];
    for (const cookie of [undefined, member.cookie, other.cookie, `${admin.cookie}x`])
      expect((await get(cookie)).status).toBe(404);
    for (const file of ['messages.jsonl', 'manifest', '..%2fmanifest.json', 'Manifest.json', ''])
      expect((await get(admin.cookie, file)).status, file).toBe(404);
    for (const method of ['POST', 'HEAD', 'PUT'])
      expect((await get(admin.cookie, 'manifest.json', method)).status, method).toBe(404);
  });
});
