import { makeWorld, type World } from '@lockstep/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lab, originCheck } from '../src/index.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';
const DEVICE = { ipAddress: null, userAgent: null };

describe('the Device Lab', () => {
  let world: World;
  let served: World;
  beforeAll(async () => {
    world = await makeWorld({ LOCKSTEP_TEST: '1', PUBLIC_URL: 'http://localhost:3000' });
    served = await makeWorld();
  });
  afterAll(async () => {
    await world.close();
    await served.close();
  });

  test('lets anybody in in a test run, and gives the digest that their devices get', async () => {
    const { core } = world;
    const ann = await world.person('Ann');
    await world.person('Ann of the archive', { placeholder: true });
    expect((await lab.people(core, 'ann')).map(({ id }) => id)).toEqual([ann.id]);
    const setCookie = await lab.enter(core, ann.id, DEVICE);
    const session = await core.sessions.read(setCookie.split(';', 1)[0]);
    expect(session?.userId).toBe(ann.id);
    expect(await lab.digest(core, ann.id)).toMatchObject({
      overall: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    await expect(lab.enter(core, NOBODY, DEVICE)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('is not there where people are served', async () => {
    const ann = await served.person('Ann');
    for (const call of [
      async () => lab.people(served.core, ''),
      async () => lab.enter(served.core, ann.id, DEVICE),
      async () => lab.digest(served.core, ann.id),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'not_found' });
  });
});

test('the origins of the lab are ours in a lab run only, each for its own host', () => {
  const settings = { PUBLIC_URL: 'http://localhost:3000', TRUSTED_ORIGINS: [], publicUrlIsSet: true };
  const from = (lab: boolean, origin: string, host: string) =>
    originCheck({ ...settings, lab })({ headers: { origin, host } });
  expect(from(true, 'http://a.lab.localhost:3000', 'a.lab.localhost:3000')).toBe(true);
  expect(from(false, 'http://a.lab.localhost:3000', 'a.lab.localhost:3000')).toBe(false);
  expect(from(true, 'http://b.lab.localhost:3000', 'a.lab.localhost:3000')).toBe(false);
  expect(from(true, 'http://a.lab.localhost:3000', 'localhost:3000')).toBe(false);
  expect(from(true, 'http://a.lab.localhost.evil.example', 'a.lab.localhost.evil.example')).toBe(false);
});
