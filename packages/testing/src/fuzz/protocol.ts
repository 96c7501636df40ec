import { commands } from '@lockstep/protocol';
import { CLIENT_EVENTS, type Name, procedures } from '@lockstep/protocol/contract';
import type { Random } from './random.ts';
import { type FuzzTarget, fail } from './target.ts';
import { type FuzzedWeb, startFuzzedWeb } from './web.ts';

interface Input {
  procedure: Name;
  /** The body as it is sent: JSON, more or less. */
  text: string;
  batch: boolean;
}

/** The part of a zod schema that says what it takes. */
interface Schema {
  def: {
    type: string;
    shape?: Record<string, Schema>;
    element?: Schema;
    innerType?: Schema;
    in?: Schema;
    entries?: Record<string, string>;
    options?: Schema[];
    format?: string;
  };
  safeParse(value: unknown): unknown;
}

/** They would end the session that all runs use. */
const LEFT_OUT = new Set<Name>(['auth.signOut', 'devices.revokeOthers']);
const NAMES = [...procedures.keys()].filter((name) => !LEFT_OUT.has(name));

const inputs = [...Object.entries(CLIENT_EVENTS), ...procedures].map(([name, { input }]) => [name, input]);
const schemas = ([...inputs, ...Object.entries(commands)] as [string, Schema | undefined][]).flatMap(
  ([name, schema]) => (schema ? [[name, schema] as const] : []),
);

const STRINGS = [
  ...[
    '',
    ' ',
    'x',
    '\\u0000',
    '\\ud800',
    '\\udc00x',
    'a\\u202eb',
    '\\u200b',
    '%00',
    "'; drop table message; --",
    '../..',
  ],
  ...[
    '00000000-0000-4000-8000-000000000000',
    '00000000-0000-0000-0000-000000000000',
    'ada@example.org',
    'toString',
  ],
  ...[
    'x'.repeat(9_000),
    '\\ud83d\\ude00'.repeat(500),
    '((((((((((',
    '**'.repeat(300),
    'in:x from:y -z "',
    'UTC',
    'É́',
  ],
];
const NUMBERS = [
  ...['0', '1', '2', '3', '10', '-0', '-1', '1.5', '2147483647', '2147483648', '9007199254740993'],
  ...['1e308', '1e999', '-1e21'],
];
const OTHERS = [
  'null',
  'true',
  '[]',
  '{}',
  '[null]',
  '{"$ne":null}',
  '{"length":3}',
  '{"__proto__":{"role":"admin"}}',
];
const KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'then', 'length', '', 'x', '\\u0000'];

/** Stand for ids of the workspace that is called: the input itself depends on the seed alone. */
const IDS = ['<conversation>', '<member>', '<admin>'];

const string = (random: Random) => `"${random.pick(STRINGS)}"`;

/** JSON of any shape, also deeper than anything that is meant. */
const anything = (random: Random): string => {
  const kind = random.below(8);
  if (kind === 0) return random.pick(NUMBERS);
  if (kind === 1) return string(random);
  if (kind === 2) return `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
  if (kind === 3) return `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`;
  if (kind === 4) return `[${random.list(200, () => string(random)).join()}]`;
  if (kind === 5) return `{"${random.pick(KEYS)}":${random.pick(OTHERS)}}`;
  return random.pick(OTHERS);
};

/** JSON that this schema nearly takes. */
const like = (random: Random, { def }: Schema): string => {
  if (random.chance(0.08)) return anything(random);
  if (def.shape) {
    const fields = Object.entries(def.shape)
      .filter(() => random.chance(0.9))
      .map(([name, schema]) => `"${name}":${like(random, schema)}`);
    if (random.chance(0.1)) fields.push(`"${random.pick(KEYS)}":${anything(random)}`);
    return `{${fields.join()}}`;
  }
  if (def.element) return `[${random.list(4, () => like(random, def.element as Schema)).join()}]`;
  if (def.entries) return `"${random.pick(Object.keys(def.entries))}"`;
  if (def.options?.[0]) return like(random, random.pick(def.options));
  const inner = def.innerType ?? def.in;
  if (inner) return random.chance(0.1) ? 'null' : like(random, inner);
  if (def.type === 'number' || def.type === 'int') return random.pick(NUMBERS);
  if (def.type === 'boolean') return random.pick(['true', 'false']);
  if (/^g?u?uid$/.test(def.format ?? '') && random.chance(0.9)) return `"${random.pick(IDS)}"`;
  return string(random);
};

let web: FuzzedWeb;

/** Longest that a call may take; others are asked in between. In ms. */
const NEVER_MS = 20_000;

const call = async ({ procedure, text: written, batch }: Input, cookie: string) => {
  const text = Object.entries(web.ids).reduce((all, [name, id]) => all.replaceAll(`<${name}>`, id), written);
  const type = procedures.get(procedure)?.kind;
  const body = batch ? `{"0":${text}}` : text;
  const query = new URLSearchParams({
    ...(batch ? { batch: '1' } : {}),
    ...(type === 'query' ? { input: body } : {}),
  });
  const answer = await fetch(`${web.url}/api/trpc/${procedure}?${query}`, {
    method: type === 'query' ? 'GET' : 'POST',
    headers: { cookie, origin: 'http://localhost:3000', 'content-type': 'application/json' },
    ...(type === 'query' ? {} : { body }),
    signal: AbortSignal.timeout(NEVER_MS),
  });
  return { status: answer.status, text: await answer.text() };
};

/** Whatever a procedure or an event is called with: an answer of the protocol, never a defect, and others are served. */
export const target: FuzzTarget<Input> = {
  name: 'protocol',
  setup: async () => {
    web = await startFuzzedWeb();
  },
  teardown: () => web.close(),
  generate: (random) => {
    const procedure = random.pick(NAMES);
    const schema = procedures.get(procedure)?.input as unknown as Schema | undefined;
    const text = schema && random.chance(0.9) ? like(random, schema) : anything(random);
    // What is too long for an address is for mutations.
    return { procedure, text: random.chance(0.02) ? text.slice(0, -1) : text, batch: random.chance(0.1) };
  },
  run: async (input) => {
    let value: unknown;
    try {
      value = JSON.parse(input.text);
    } catch {}
    for (const [name, schema] of schemas) {
      try {
        schema.safeParse(value);
      } catch (error) {
        fail('a schema throws', `${name}: ${error}`);
      }
    }
    const answer = await call(input, web.member).catch((error: Error) =>
      fail('no answer', `${input.procedure}: ${error}`),
    );
    if (answer.status >= 500)
      fail('a 5xx', `${answer.status} ${input.procedure}: ${answer.text.slice(0, 200)}`);
    if (/"code":"internal"/.test(answer.text))
      fail('a defect', `${input.procedure}: ${answer.text.slice(0, 200)}`);
    const other = await call({ procedure: 'people.get', text: '{"userIds":[]}', batch: false }, web.admin);
    if (other.status !== 200) fail('others are not served', `${other.status} ${other.text.slice(0, 200)}`);
  },
};
