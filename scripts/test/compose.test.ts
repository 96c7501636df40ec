import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSettings, SETTINGS } from '@lockstep/core/settings';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Service {
  build?: string;
  command?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  volumes?: string[];
  healthcheck?: { test: string[] };
}

const file: { services: Record<string, Service>; volumes: Record<string, unknown> } = parse(
  read('docker-compose.yml'),
  { merge: true },
);
const services = Object.entries(file.services);
const ours = services.filter(([, { build }]) => build !== undefined);
const image = read('Dockerfile');
/** What the image sets, so that no service has to. */
const inImage = [...(/^ENV NODE_ENV.*$/m.exec(image)?.[0] ?? '').matchAll(/([A-Z_]+)=/g)].map(
  ([, name]) => name,
);

/** As compose fills it in, from a `.env` that has what must be set. */
const filled = (environment: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      String(value).replace(/\$\{(\w+)(?::[-?]([^}]*))?\}/g, (_, variable: string, text = '') =>
        variable.endsWith('URL') ? 'https://chat.example.org' : /^set /.test(text) ? 'x'.repeat(32) : text,
      ),
    ]),
  );

describe('docker-compose.yml', () => {
  it('has services of ours', () => {
    expect(ours.map(([name]) => name)).toEqual(['migrate', 'web', 'worker']);
    expect(inImage).toEqual(['NODE_ENV', 'HOST', 'PORT', 'DATA_DIR']);
  });

  it.each(ours)('%s gets every setting, and only such', (_, { environment = {} }) => {
    const names = Object.keys(SETTINGS).filter((name) => !inImage.includes(name));
    expect(Object.keys(environment).sort()).toEqual(names.sort());
  });

  it.each(ours)('%s starts with these, on the services of the file', (_, { environment = {} }) => {
    const settings = loadSettings(filled(environment));
    expect(settings).toMatchObject({ PUSH: 'redis', SEARCH: 'meilisearch', SIGN_UP: 'invitation' });
    for (const url of [settings.DATABASE_URL, settings.REDIS_URL, settings.MEILI_URL])
      expect(Object.keys(file.services)).toContain(new URL(url as string).hostname);
  });

  it('uses every service that it starts, and waits until it is well', () => {
    const used = new Set(ours.flatMap(([, { depends_on = {} }]) => Object.keys(depends_on)));
    const others = services.map(([name]) => name).filter((name) => name !== 'web' && name !== 'worker');
    expect([...used].sort()).toEqual(others.sort());
    for (const [, { depends_on = {} }] of ours)
      for (const [name, { condition }] of Object.entries(depends_on))
        if (condition === 'service_healthy') expect(file.services[name]?.healthcheck?.test).toBeDefined();
        else expect(condition).toBe('service_completed_successfully');
    for (const name of ['web', 'worker'])
      expect(Object.keys(file.services[name]?.depends_on ?? {})).toContain('meilisearch');
  });

  it('names only volumes that there are, and web and worker share the folder of exports', () => {
    const named = services.flatMap(([, { volumes = [] }]) => volumes.map((one) => one.split(':')[0] ?? ''));
    expect([...new Set(named)].sort()).toEqual(Object.keys(file.volumes).sort());
    expect(file.services.worker?.volumes).toEqual(file.services.web?.volumes);
  });

  it('asks for its health where the server answers', () => {
    expect(file.services.web?.healthcheck?.test.join(' ')).toContain('http://127.0.0.1:3000/healthz');
    expect(image).toContain('PORT=3000');
    expect(read('apps/web/server/backend.ts')).toContain("'/healthz'");
  });
});

describe('the image', () => {
  /** Every file that a script needs from scripts/. */
  const needed = (path: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(path)) return seen;
    seen.add(path);
    for (const [, target = ''] of read(path).matchAll(/from '(\.{1,2}\/[^']+)'/g))
      needed(join(dirname(path), target), seen);
    return seen;
  };

  it('has what its commands run', () => {
    const commands = ours.flatMap(([, { command = [] }]) => command.filter((word) => word.endsWith('.ts')));
    expect(commands).toEqual(['scripts/migrate.ts', 'apps/worker/src/main.ts']);
    const [, web = ''] = /^CMD .*"([^"]+\.ts)"\]$/m.exec(image) ?? [];
    expect(web).toMatch(/^apps\/web\//);
    for (const command of [...commands, web]) expect(existsSync(join(root, command)), command).toBe(true);
    for (const path of needed('scripts/migrate.ts'))
      expect(image).toMatch(new RegExp(`^COPY .*\\b(${path}|${dirname(path)}) \\.`, 'm'));
  });
});
