import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSettings, SETTINGS } from '@lockstep/core/settings';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PROGRAMS } from '../lib/programs.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Service {
  image: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
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
const caddyfile = read('deploy/Caddyfile');
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

  it('starts nothing that nothing uses, and waits until what it uses is well', () => {
    const used = new Set(services.flatMap(([, { depends_on = {} }]) => Object.keys(depends_on)));
    const entries = services.filter(([, { ports }]) => ports).map(([name]) => name);
    expect(entries).toEqual(['caddy']);
    expect([...used, ...entries, 'worker'].sort()).toEqual(Object.keys(file.services).sort());
    for (const [, { depends_on = {} }] of services)
      for (const [name, { condition }] of Object.entries(depends_on))
        if (condition === 'service_healthy') expect(file.services[name]?.healthcheck?.test).toBeDefined();
        else expect(condition).toBe('service_completed_successfully');
    for (const name of ['web', 'worker'])
      expect(Object.keys(file.services[name]?.depends_on ?? {})).toEqual(['migrate', 'redis', 'meilisearch']);
  });

  it('can run several of web and worker: no name and no port of their own, the proxy finds them', () => {
    for (const [, service] of ours) {
      expect(service).not.toHaveProperty('ports');
      expect(service).not.toHaveProperty('container_name');
    }
    const [, host = '', port] = /dynamic a (\w+) (\d+)/.exec(caddyfile) ?? [];
    expect(ours.map(([name]) => name)).toContain(host);
    expect(image).toContain(`PORT=${port}`);
    expect(image).toContain(`EXPOSE ${port}\n`);
    const { environment = {}, volumes = [], depends_on = {} } = file.services.caddy as Service;
    expect(Object.keys(depends_on)).toEqual([host]);
    const asked = [...caddyfile.matchAll(/\{\$(\w+)\}/g)].map(([, name]) => name);
    expect(asked).toEqual(Object.keys(environment));
    expect(volumes).toContain('./deploy/Caddyfile:/etc/caddy/Caddyfile:ro');
    // It writes who asks, and any process may be asked next: no stickiness, so no polling either.
    expect(file.services.web?.environment?.TRUST_PROXY).toBe('on');
    expect(caddyfile).not.toMatch(/lb_policy (cookie|ip_hash|client_ip_hash|header)/);
    for (const end of ['packages/realtime/src/server.ts', 'packages/sync/src/transport/socket.ts'])
      expect(read(end)).toMatch(/transports: \['websocket'\]/);
  });

  it('has no secret of its own: each comes from .env, and what must be set has no default', () => {
    const isSecret = (name: string) => /PASSWORD|SECRET|KEY|TOKEN/.test(name);
    const text = read('docker-compose.yml');
    const variables = [...text.matchAll(/\$\{(\w+)(:[-?])?([^}]*)\}/g)];
    const secrets = variables.filter(([, name = '']) => isSecret(name));
    expect(secrets.length).toBeGreaterThan(5);
    for (const [all, , operator, rest] of secrets)
      if (operator === ':-') expect(rest, all).toBe('');
      else expect(`${operator} ${rest}`, all).toMatch(/^:\? set \w+ in \.env/);
    for (const [, { environment = {} }] of services)
      for (const [name, value] of Object.entries(environment))
        if (isSecret(name) || /:\/\/[^/]*@/.test(value)) expect(value, name).toMatch(/^[^@]*\$\{/);
  });

  it('names only volumes that there are, and web and worker share the folder of exports', () => {
    const named = services.flatMap(([, { volumes = [] }]) => volumes.map((one) => one.split(':')[0] ?? ''));
    const [ofHere, volumes] = [true, false].map((is) => named.filter((one) => one.startsWith('.') === is));
    expect([...new Set(volumes)].sort()).toEqual(Object.keys(file.volumes).sort());
    for (const path of ofHere ?? []) expect(existsSync(join(root, path)), path).toBe(true);
    expect(file.services.worker?.volumes).toEqual(file.services.web?.volumes);
  });

  /** What the health checks and commands of this file run, by image: seen in the images. */
  const PROGRAMS_OF: Record<string, string[]> = {
    postgres: ['pg_isready', 'postgres'],
    redis: ['redis-cli', 'redis-server', 'grep', 'exec', 'sh'],
    'getmeili/meilisearch': ['curl'],
    lockstep: ['node'],
  };

  it('names only programs that are in the image', () => {
    for (const [name, { image: tag, command = [], healthcheck }] of services) {
      const [how, ...words] = healthcheck?.test ?? [];
      const lines = [
        how === 'CMD-SHELL' ? words[0] : words.join(' '),
        command[0] === 'sh' ? command.at(-1) : command[0],
      ].filter((line) => line !== undefined && line !== '');
      const programs = lines.flatMap((line = '') =>
        line.startsWith('node') ? ['node'] : line.split('|').map((part) => part.trim().split(' ')[0] ?? ''),
      );
      const known = PROGRAMS_OF[tag.replace(/:.*/, '')] ?? [];
      for (const program of programs) expect(known, name).toContain(program);
    }
  });

  it('asks for its health where the server answers', () => {
    expect(file.services.web?.healthcheck?.test.join(' ')).toContain('http://127.0.0.1:3000/healthz');
    expect(image).toContain('PORT=3000');
    expect(read('apps/web/server/backend.ts')).toContain("'/healthz'");
  });
});

describe('the image', () => {
  it('has what its commands run', () => {
    const commands = ours.flatMap(([, { command = [] }]) => command.slice(1));
    const [, web = ''] = /^CMD \["node", "([^"]+)"\]$/m.exec(image) ?? [];
    const names = [...commands, web].map((path) => /^dist\/(.+)\.mjs$/.exec(path)?.[1] ?? path);
    expect(names).toEqual(['migrate', 'worker', 'web']);
    for (const name of names)
      expect(existsSync(join(root, PROGRAMS[name as keyof typeof PROGRAMS]))).toBe(true);
  });

  it('is made of what there is', () => {
    const scripts = [...image.matchAll(/node (scripts\/[\w.-]+)/g)].map(([, path = '']) => path);
    expect(scripts).toEqual(['scripts/build.mjs', 'scripts/image.mjs']);
    for (const path of scripts) expect(existsSync(join(root, path)), path).toBe(true);
    const stages = [...image.matchAll(/^FROM \S+ AS (\w+)$/gm)].map(([, name]) => name);
    for (const [, stage] of image.matchAll(/--from=(\w+)/g)) expect(stages).toContain(stage);
    const [, target] = /image\.mjs (\S+)/.exec(image) ?? [];
    expect(image).toContain(`COPY --from=built ${target} ./`);
  });
});
