import { readFileSync } from 'node:fs';
import { PROTOCOL_VERSIONS } from '@lockstep/protocol';
import { describe, expect, test } from 'vitest';
import { loadSettings, SETTINGS, SettingsError } from '../src/settings.ts';

const fault = (env: NodeJS.ProcessEnv): string => {
  try {
    loadSettings(env);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as Error).message;
  }
  throw new Error('no fault was found');
};

describe('loadSettings', () => {
  test('needs nothing: every setting has a default', () => {
    expect(loadSettings({})).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 3000,
      PUBLIC_URL: 'http://localhost:3000',
      publicUrlIsSet: false,
      DATA_DIR: '.lockstep',
      DATABASE_URL: null,
      AUTH_SECRET: null,
      PUSH: 'memory',
      FANOUT_THRESHOLD: 500,
      SIGN_UP: 'open',
    });
  });

  test('takes an empty value as unset', () => {
    expect(loadSettings({ PORT: '', DATABASE_URL: '' })).toMatchObject({ PORT: 3000, DATABASE_URL: null });
  });

  test('refuses two parts on one port', () => {
    expect(fault({ METRICS_PORT: '3000' })).toBe('METRICS_PORT: 3000 is PORT already: set another');
    expect(fault({ METRICS_PORT: '9464', WORKER_METRICS_PORT: '9464' })).toBe(
      'WORKER_METRICS_PORT: 9464 is METRICS_PORT already: set another',
    );
    expect(loadSettings({ METRICS_PORT: '9464' })).toMatchObject({
      METRICS_PORT: 9464,
      METRICS_HOST: '127.0.0.1',
    });
  });

  test('derives the address from the port, and keeps only the origin of a given one', () => {
    expect(loadSettings({ PORT: '4000' }).PUBLIC_URL).toBe('http://localhost:4000');
    expect(loadSettings({ PUBLIC_URL: 'https://chat.example.org/' })).toMatchObject({
      PUBLIC_URL: 'https://chat.example.org',
      publicUrlIsSet: true,
    });
  });

  test('an address is kept as an origin, as browsers name it', () => {
    expect(loadSettings({ PUBLIC_URL: ' HTTPS://Chat.Example.org:443/ ' }).PUBLIC_URL).toBe(
      'https://chat.example.org',
    );
    expect(loadSettings({ PUBLIC_URL: 'https://münchen.example' }).PUBLIC_URL).toBe(
      'https://xn--mnchen-3ya.example',
    );
    expect(loadSettings({ PUBLIC_URL: 'http://[::1]:3000' }).PUBLIC_URL).toBe('http://[::1]:3000');
    expect(loadSettings({ TRUSTED_ORIGINS: 'https://a.example:443/' }).TRUSTED_ORIGINS).toEqual([
      'https://a.example',
    ]);
  });

  test('pushes through Redis when there is one, unless told otherwise', () => {
    const REDIS_URL = 'redis://localhost:6379';
    expect(loadSettings({ REDIS_URL }).PUSH).toBe('redis');
    expect(loadSettings({ REDIS_URL, PUSH: 'postgres' }).PUSH).toBe('postgres');
    expect(fault({ PUSH: 'redis' })).toBe('PUSH: redis needs REDIS_URL as well');
  });

  test('splits the trusted origins and checks each', () => {
    expect(
      loadSettings({ TRUSTED_ORIGINS: 'https://a.example, https://b.example,' }).TRUSTED_ORIGINS,
    ).toEqual(['https://a.example', 'https://b.example']);
    expect(fault({ TRUSTED_ORIGINS: 'https://a.example, nonsense' })).toContain('TRUSTED_ORIGINS: must be');
  });

  test('is a lab only if the variable is set, and only on an address of this machine', () => {
    expect(loadSettings({}).lab).toBe(false);
    expect(loadSettings({ LOCKSTEP_TEST: '0', LOCKSTEP_DEV: '' }).lab).toBe(false);
    expect(loadSettings({ LOCKSTEP_TEST: '1' }).lab).toBe(true);
    expect(loadSettings({ LOCKSTEP_DEV: '1', PUBLIC_URL: 'http://127.0.0.1:4000' }).lab).toBe(true);
    for (const PUBLIC_URL of [
      'https://chat.example.org',
      'http://localhost.example.org',
      'http://10.0.0.1',
    ]) {
      expect(loadSettings({ LOCKSTEP_DEV: '1', PUBLIC_URL }).lab).toBe(false);
      expect(fault({ LOCKSTEP_TEST: '1', PUBLIC_URL })).toContain('LOCKSTEP_TEST: ');
    }
  });

  test('stands for a server of another version in a test run only', () => {
    const LOCKSTEP_PROTOCOL = '98-99';
    const other = { oldest: 98, current: 99 };
    expect(loadSettings({ LOCKSTEP_TEST: '1', LOCKSTEP_PROTOCOL }).protocol).toEqual(other);
    expect(loadSettings({ LOCKSTEP_PROTOCOL }).protocol).toEqual(PROTOCOL_VERSIONS);
    expect(loadSettings({ LOCKSTEP_TEST: '1', LOCKSTEP_PROTOCOL: '99' }).protocol).toEqual(PROTOCOL_VERSIONS);
  });

  test.each<[string, string, string]>([
    ['PORT', 'eighty', 'PORT: must be a number (it is "eighty")'],
    ['PORT', '70000', 'PORT: must be at most 65535 (it is "70000")'],
    ['PORT', '80.5', 'PORT: must be a whole number (it is "80.5")'],
    ['FANOUT_THRESHOLD', '0', 'FANOUT_THRESHOLD: must be at least 1 (it is "0")'],
    ['SIGN_UP', 'closed', 'SIGN_UP: must be one of open, invitation (it is "closed")'],
    [
      'DATABASE_URL',
      'mysql://root@db/x',
      'DATABASE_URL: must look like postgresql://user:password@host:5432/database',
    ],
    ['REDIS_URL', 'localhost', 'REDIS_URL: must look like redis://host:6379'],
    [
      'PUBLIC_URL',
      'chat.example.org',
      'PUBLIC_URL: must be an address such as https://chat.example.org (it is "chat.example.org")',
    ],
    ...[
      [
        'https://example.org/chat',
        'must have no path: Lockstep is served at the root of its address, such as https://example.org',
      ],
      [
        'https://example.org//',
        'must have no path: Lockstep is served at the root of its address, such as https://example.org',
      ],
      [
        'https://example.org/?a',
        'must end after the host: nothing with "?" or "#", such as https://example.org',
      ],
      [
        'https://example.org?',
        'must end after the host: nothing with "?" or "#", such as https://example.org',
      ],
      [
        'https://example.org/#a',
        'must end after the host: nothing with "?" or "#", such as https://example.org',
      ],
      ['ftp://example.org', 'must be an address such as https://chat.example.org'],
      ['wss://example.org', 'must be an address such as https://chat.example.org'],
      ['//example.org', 'must be an address such as https://chat.example.org'],
      ['https://', 'must be an address such as https://chat.example.org'],
      ['javascript:alert(1)', 'must be an address such as https://chat.example.org'],
      ['https://*.example.org', 'must name one host: a "*" stands for nothing here'],
      [
        'http://0.0.0.0:3000',
        'must be an address that people can open: 0.0.0.0 and :: only say where to listen',
      ],
      [
        'http://[::]:3000',
        'must be an address that people can open: 0.0.0.0 and :: only say where to listen',
      ],
    ].flatMap(([value = '', why]): [string, string, string][] => [
      ['PUBLIC_URL', value, `PUBLIC_URL: ${why} (it is "${value}")`],
      ['TRUSTED_ORIGINS', value, `TRUSTED_ORIGINS: ${why} (it is "${value}")`],
    ]),
    [
      'PUBLIC_URL',
      'https://ann:hunter2@example.org',
      'PUBLIC_URL: must have no user name and no password in it (it is "https://…@example.org")',
    ],
    ['AUTH_SECRET', 'short', 'AUTH_SECRET: must have at least 32 characters'],
  ])('%s=%s is told in one line', (name, value, line) => {
    expect(fault({ [name]: value })).toBe(line);
  });

  test.each([
    ['postgresql://a:p#ss@db:5432/x', 'has a "#" in it'],
    ['postgresql://a:12#3@db:5432/x', 'has a "#" in it'],
    ['postgresql://a:p/ss@db:5432/x', 'cannot be read as postgresql://'],
    ['postgresql://a:1/2@db:5432/x', 'cannot be read as postgresql://'],
    ['postgresql://a:1?2@db:5432/x', 'cannot be read as postgresql://'],
    ['postgresql://a:100%@db:5432/x', 'has a "%" in it'],
  ])('a password with a sign of addresses is told with how to write it: %s', (DATABASE_URL, line) => {
    expect(fault({ DATABASE_URL })).toContain(`DATABASE_URL: ${line}`);
    expect(fault({ DATABASE_URL })).toContain('%23 (#)');
    expect(fault({ REDIS_URL: DATABASE_URL.replace('postgresql', 'redis') })).toContain('REDIS_URL: ');
  });

  test('takes passwords that are written so, and sockets', () => {
    for (const DATABASE_URL of [
      'postgresql://a:p%23%2F%3F%40%25@db:5432/x',
      'postgres://a:p@ss@db/x?sslmode=require',
      'postgresql:///x?host=/var/run/postgresql',
    ])
      expect(loadSettings({ DATABASE_URL }).DATABASE_URL).toBe(DATABASE_URL);
  });

  test('every setting that is not free text refuses what is none of its values, in lines that begin with its name', () => {
    const free = new Set(['HOST', 'METRICS_HOST', 'DATA_DIR', 'MEILI_KEY']);
    const names = Object.keys(SETTINGS).filter((name) => !free.has(name));
    expect(names.length).toBeGreaterThan(15);
    for (const name of names)
      for (const line of fault({ [name]: '-1 ?' }).split('\n'))
        expect(line.startsWith(`${name}: `)).toBe(true);
  });

  test.each([
    ['NODE_ENV', ['production', 'development', 'test']],
    ['TRUST_PROXY', ['on', 'off']],
    ['SIGN_UP', ['open', 'invitation']],
    ['LOCAL_EMAIL', ['on', 'off']],
    ['RATE_LIMITS', ['on', 'off']],
    ['PUSH', ['memory', 'postgres', 'redis']],
    ['SEARCH', ['postgres', 'meilisearch']],
    ['LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'trace']],
  ] as const)('%s takes each of %j', (name, values) => {
    const others = { REDIS_URL: 'rediss://localhost:6379', MEILI_URL: 'https://localhost:7700' };
    for (const value of values) expect(loadSettings({ ...others, [name]: value })[name]).toBe(value);
  });

  test.each([
    ['PORT', 1, 65_535],
    ['METRICS_PORT', 1, 65_535],
    ['WORKER_METRICS_PORT', 1, 65_535],
    ['DATABASE_POOL', 2, 200],
    ['FANOUT_THRESHOLD', 1, 1_000_000],
    ['SWEEP_SECONDS', 1, 3_600],
    ['MAX_CONNECTIONS', 10, 1_000_000],
    ['MAX_CONNECTIONS_PER_ADDRESS', 1, 1_000_000],
  ] as const)('%s is from %i to %i', (name, least, most) => {
    for (const value of [least, most]) expect(loadSettings({ [name]: `${value}` })[name]).toBe(value);
    expect(fault({ [name]: `${least - 1}` })).toContain(`${name}: must be at least ${least} `);
    expect(fault({ [name]: `${most + 1}` })).toContain(`${name}: must be at most ${most} `);
  });

  test('what is secret has a length, and is of signs that a header can have', () => {
    expect(loadSettings({ AUTH_SECRET: 'x'.repeat(32) }).AUTH_SECRET).toHaveLength(32);
    expect(loadSettings({ HEALTH_TOKEN: '!'.repeat(16) }).HEALTH_TOKEN).toHaveLength(16);
    expect(fault({ HEALTH_TOKEN: 'x'.repeat(15) })).toBe('HEALTH_TOKEN: must have at least 16 characters');
    for (const HEALTH_TOKEN of [`${'x'.repeat(16)} y`, `ü${'x'.repeat(16)}`, `${'x'.repeat(16)}\n`])
      expect(fault({ HEALTH_TOKEN })).toContain('HEALTH_TOKEN: must have no spaces');
  });

  test('searches through Meilisearch where there is one, unless told otherwise', () => {
    const MEILI_URL = 'http://localhost:7700';
    expect(loadSettings({ MEILI_URL })).toMatchObject({ SEARCH: 'meilisearch', MEILI_URL });
    expect(loadSettings({ MEILI_URL, SEARCH: 'postgres' }).SEARCH).toBe('postgres');
    expect(loadSettings({})).toMatchObject({ SEARCH: 'postgres', MEILI_URL: null });
    expect(fault({ SEARCH: 'meilisearch' })).toBe('SEARCH: meilisearch needs MEILI_URL as well');
  });

  test('reports all faults at once, one a line, and no secret', () => {
    const message = fault({ PORT: 'x', LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://root:hunter2@db/x' });
    expect(message.split('\n')).toHaveLength(3);
    expect(message).not.toContain('hunter2');
  });
});

describe('the lists of settings', () => {
  const root = new URL('../../../', import.meta.url);
  const names = Object.keys(SETTINGS).filter((name) => name !== 'NODE_ENV');

  test('.env.example has each, and no other', () => {
    const text = readFileSync(new URL('.env.example', root), 'utf8');
    const listed = [...text.matchAll(/^#?([A-Z_]+)=/gm)].map((match) => match[1]);
    expect(listed).toEqual(names);
  });

  test('README.md has each', () => {
    const text = readFileSync(new URL('README.md', root), 'utf8');
    const table = text.split('<!-- settings:start -->')[1]?.split('<!-- settings:end -->')[0] ?? '';
    expect([...table.matchAll(/^\| `([A-Z_]+)`/gm)].map((match) => match[1])).toEqual(names);
  });
});
