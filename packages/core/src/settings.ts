import { PROTOCOL_VERSIONS, type ProtocolVersions } from '@lockstep/protocol';
import { z } from 'zod';

/** `https://chat.example.org`, and nothing more: a path, for example, would not work. */
const origin = z
  .string()
  .transform((text) => text.trim())
  .superRefine((text, ctx) => {
    const fault = addressFault(text);
    if (fault) ctx.addIssue({ code: 'custom', message: fault });
  })
  .transform((text) => (addressFault(text) ? text : new URL(text).origin));

const addressFault = (text: string): string | null => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return 'must be an address such as https://chat.example.org';
  if (url.username || url.password) return 'must have no user name and no password in it';
  if (/[?#]/.test(text)) return `must end after the host: nothing with "?" or "#", such as ${url.origin}`;
  if (url.pathname !== '/')
    return `must have no path: Lockstep is served at the root of its address, such as ${url.origin}`;
  if (url.hostname.includes('*')) return 'must name one host: a "*" stands for nothing here';
  if (['0.0.0.0', '[::]'].includes(url.hostname))
    return 'must be an address that people can open: 0.0.0.0 and :: only say where to listen';
  return null;
};

/** A URL that may contain a password. The error message never repeats it. */
const serverUrl = (protocol: RegExp, example: string) =>
  z.string().superRefine((text, ctx) => {
    const fault = serverUrlFault(text, protocol, example);
    if (fault) ctx.addIssue({ code: 'custom', message: fault });
  });

const ENCODE = 'write such signs of a password as %23 (#), %2F (/), %3F (?), %40 (@), %25 (%)';

const serverUrlFault = (text: string, protocol: RegExp, example: string): string | null => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (text.includes('#')) return `has a "#" in it, where an address ends: ${ENCODE}`;
  if (/%(?![\da-f]{2})/i.test(text)) return `has a "%" in it that stands for no sign: ${ENCODE}`;
  // A password with "/" or "?" ends the host too early, so the "@" comes after it.
  if (text.includes('@') && (!url || /@/.test(url.pathname + url.search)))
    return `cannot be read as ${example}: ${ENCODE}`;
  if (!url || !protocol.test(url.protocol.slice(0, -1)) || !(url.hostname || url.searchParams.has('host')))
    return `must look like ${example}`;
  return null;
};

const postgresUrl = serverUrl(/^postgres(ql)?$/, 'postgresql://user:password@host:5432/database');
const redisUrl = serverUrl(/^rediss?$/, 'redis://host:6379');
const count = (min: number, max: number) =>
  z.coerce
    .number({ error: 'must be a number' })
    .int('must be a whole number')
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);
const choice = <const T extends readonly string[]>(values: T) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });

/** Every setting: name, meaning, check. The lists in README.md and .env.example are made from it (scripts/settings-docs.ts). */
export const SETTINGS = {
  NODE_ENV: choice(['production', 'development', 'test'])
    .default('production')
    .describe('`development` for hot reload; set by `npm run dev`'),
  HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on; `0.0.0.0` for all'),
  PORT: count(1, 65_535).default(3000).describe('Port of pages, API and sockets'),
  PUBLIC_URL: origin
    .optional()
    .describe(
      'Address that people use; `http://localhost:PORT` and IP addresses when unset. With https, cookies are secure',
    ),
  TRUSTED_ORIGINS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .pipe(z.array(origin))
    .describe('Further origins that may call the API, comma separated'),
  TRUST_PROXY: choice(['on', 'off']).default('off').describe('`on` behind a proxy that sets X-Forwarded-For'),
  DATA_DIR: z.string().min(1).default('.lockstep').describe('Data of the embedded Postgres, secrets, logs'),
  DATABASE_URL: postgresUrl.optional().describe('A Postgres 18 of your own; the embedded one when unset'),
  DATABASE_POOL: count(2, 200).default(10).describe('Connections of each process to Postgres at most'),
  REDIS_URL: redisUrl
    .optional()
    .describe('Queue and push go through this Redis; through Postgres and memory when unset'),
  PUSH: choice(['memory', 'postgres', 'redis'])
    .optional()
    .describe('How pushes travel between web processes; `redis` with REDIS_URL, else `memory` (one process)'),
  SEARCH: choice(['postgres', 'meilisearch'])
    .optional()
    .describe('Search engine; `meilisearch` with MEILI_URL, else `postgres`'),
  MEILI_URL: serverUrl(/^https?$/, 'http://host:7700')
    .optional()
    .describe('A Meilisearch of your own; search goes through Postgres when unset'),
  MEILI_KEY: z.string().optional().describe('API key of MEILI_URL'),
  AUTH_SECRET: z
    .string()
    .min(32, 'must have at least 32 characters')
    .optional()
    .describe('Signs session cookies; made and kept in DATA_DIR when unset'),
  HEALTH_TOKEN: z
    .string()
    .min(16, 'must have at least 16 characters')
    .regex(/^[\x21-\x7e]*$/, 'must have no spaces, and only plain letters, digits and signs')
    .optional()
    .describe(
      'Whoever sends it to /healthz (`Authorization: Bearer …`) gets the details; /metrics is refused without it when it is set',
    ),
  METRICS_PORT: count(1, 65_535)
    .optional()
    .describe('Port of /metrics of the web process (docs/monitoring.md); off when unset'),
  WORKER_METRICS_PORT: count(1, 65_535).optional().describe('The same of the worker'),
  METRICS_HOST: z.string().min(1).default('127.0.0.1').describe('Address on which /metrics is answered'),
  SIGN_UP: choice(['open', 'invitation'])
    .default('open')
    .describe('Who may make an account in a new workspace; admins change it later'),
  LOCAL_EMAIL: choice(['on', 'off'])
    .default('off')
    .describe('`on` takes e-mail addresses of a local network without a dot, such as `ann@intranet`'),
  FANOUT_THRESHOLD: count(1, 1_000_000)
    .default(500)
    .describe('Members above which a conversation is read from its head instead of written to each inbox'),
  SWEEP_SECONDS: count(1, 3_600)
    .default(5)
    .describe('How often the worker looks for work whose job was lost'),
  MAX_CONNECTIONS: count(10, 1_000_000)
    .default(10_000)
    .describe('Connections open at one web process at most; beyond, the longest idle one is closed'),
  MAX_CONNECTIONS_PER_ADDRESS: count(1, 1_000_000)
    .default(1_000)
    .describe('The same for one address; not used with TRUST_PROXY or without RATE_LIMITS'),
  RATE_LIMITS: choice(['on', 'off']).default('on').describe('`off` for load tests'),
  LOG_LEVEL: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .default('info')
    .describe('How much is logged'),
} as const;

const schema = z.object(SETTINGS);

export type Settings = Omit<
  z.infer<typeof schema>,
  'PUBLIC_URL' | 'PUSH' | 'DATABASE_URL' | 'AUTH_SECRET' | 'SEARCH' | 'MEILI_URL'
> & {
  PUBLIC_URL: string;
  /** False when PUBLIC_URL was derived: any IP address, and localhost, is then accepted as the origin of a request to it. */
  publicUrlIsSet: boolean;
  PUSH: 'memory' | 'postgres' | 'redis';
  DATABASE_URL: string | null;
  SEARCH: 'postgres' | 'meilisearch';
  MEILI_URL: string | null;
  AUTH_SECRET: string | null;
  /** Development and tests only (docs/testing.md): pages can be inspected, and /lab signs anybody in. */
  lab: boolean;
  /** Those of this build; in a test run also others. */
  protocol: ProtocolVersions;
};

/** One line for each fault, with what to do. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** What must not be printed to a terminal or a log. */
const SECRETS = new Set([
  'AUTH_SECRET',
  'DATABASE_URL',
  'REDIS_URL',
  'MEILI_URL',
  'MEILI_KEY',
  'HEALTH_TOKEN',
]);

const shown = (name: string, given: Record<string, string | undefined>): string =>
  SECRETS.has(name) ? '' : ` (it is "${given[name]?.replace(/\/\/[^/@]*@/g, '//…@')}")`;

const LOOPBACK = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * `npm run dev` and test runs set variables that are not settings, because they must never be set in production. The
 * address must be of this machine: with any other one a variable was set by mistake.
 */
const isLab = (env: NodeJS.ProcessEnv, publicUrl: string): boolean => {
  const local = LOOPBACK.test(new URL(publicUrl).hostname);
  if (env.LOCKSTEP_TEST === '1' && !local)
    throw new SettingsError(
      'LOCKSTEP_TEST: lets anybody in, and is not for a PUBLIC_URL that others can reach',
    );
  return local && (env.LOCKSTEP_TEST === '1' || env.LOCKSTEP_DEV === '1');
};

/** A test run may stand for a server of another version: `LOCKSTEP_PROTOCOL=5-6`, the oldest that it serves and its own. */
const protocolOf = (env: NodeJS.ProcessEnv, lab: boolean): ProtocolVersions => {
  const [, oldest, current] = (lab && /^(\d+)-(\d+)$/.exec(env.LOCKSTEP_PROTOCOL ?? '')) || [];
  return oldest && current ? { oldest: Number(oldest), current: Number(current) } : PROTOCOL_VERSIONS;
};

const PORTS = ['PORT', 'METRICS_PORT', 'WORKER_METRICS_PORT'] as const;

const checkPorts = (settings: { [Name in (typeof PORTS)[number]]?: number | undefined }): void => {
  for (const [index, name] of PORTS.entries()) {
    const port = settings[name];
    const other = PORTS.slice(0, index).find((one) => port !== undefined && settings[one] === port);
    if (other) throw new SettingsError(`${name}: ${port} is ${other} already: set another`);
  }
};

/** Reads and checks the settings. An empty value counts as unset. Throws SettingsError. */
export const loadSettings = (env: NodeJS.ProcessEnv = process.env): Settings => {
  const given = Object.fromEntries(
    Object.keys(SETTINGS).map((name) => [name, env[name] === '' ? undefined : env[name]]),
  );
  const result = schema.safeParse(given);
  if (!result.success) {
    throw new SettingsError(
      result.error.issues
        .map(({ path, message }) => `${String(path[0])}: ${message}${shown(String(path[0]), given)}`)
        .join('\n'),
    );
  }
  const settings = result.data;
  if (settings.PUSH === 'redis' && !settings.REDIS_URL)
    throw new SettingsError('PUSH: redis needs REDIS_URL as well');
  const publicUrl = settings.PUBLIC_URL ?? new URL(`http://localhost:${settings.PORT}`).origin;
  if (settings.SEARCH === 'meilisearch' && !settings.MEILI_URL)
    throw new SettingsError('SEARCH: meilisearch needs MEILI_URL as well');
  checkPorts(settings);
  const lab = isLab(env, publicUrl);
  return {
    ...settings,
    SEARCH: settings.SEARCH ?? (settings.MEILI_URL ? 'meilisearch' : 'postgres'),
    MEILI_URL: settings.MEILI_URL ?? null,
    PUBLIC_URL: publicUrl,
    lab,
    protocol: protocolOf(env, lab),
    publicUrlIsSet: settings.PUBLIC_URL !== undefined,
    PUSH: settings.PUSH ?? (settings.REDIS_URL ? 'redis' : 'memory'),
    DATABASE_URL: settings.DATABASE_URL ?? null,
    AUTH_SECRET: settings.AUTH_SECRET ?? null,
  };
};
