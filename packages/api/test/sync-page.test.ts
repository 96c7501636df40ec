import { readFileSync } from 'node:fs';
import { ERROR_CODES, hash, OLDEST_VERSION, PROTOCOL_VERSION } from '@lockstep/protocol';
import { CLIENT_EVENTS, procedures, SERVER_EVENTS } from '@lockstep/protocol/contract';
import { describe, expect, it } from 'vitest';
import * as conversation from '../../protocol/src/conversation.ts';
import * as inbox from '../../protocol/src/inbox.ts';
import * as message from '../../protocol/src/message.ts';
import * as person from '../../protocol/src/person.ts';
import * as savedSearch from '../../protocol/src/saved-search.ts';
import * as stateDigest from '../../protocol/src/state-digest.ts';
import { BUDGETS } from '../src/rate-limits.ts';

/** docs/sync.md is what a client in any language is made from: what it names is there, and what there is it names. */

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const page = read('docs/sync.md');

/** Rows of the table whose head begins like this, cell by cell. */
const table = (head: string): string[][] => {
  const lines = (page.split(`\n| ${head} |`)[1] ?? '').split('\n').slice(2);
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines.slice(0, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
};
/** `{a, b?}` → what may not be left out, and what may. */
const fieldsOf = (cell = '') => {
  const names = (/`\{(.*?)\}`/.exec(cell)?.[1] ?? '').split(', ').filter((name) => name !== '');
  return names.sort();
};
const nameOf = (cell = '') => /^`([\w.]+)`/.exec(cell)?.[1] ?? '';

interface ObjectSchema {
  shape: Record<string, { safeParse(value: unknown): { success: boolean } }>;
}
/** As the page writes them: with a `?` behind what may be left out. */
const keysOf = (schema: unknown): string[] =>
  Object.entries((schema as ObjectSchema | undefined)?.shape ?? {}).map(([key, field]) =>
    field.safeParse(undefined).success ? `${key}?` : key,
  );
const SCHEMAS: Record<string, unknown> = {
  ...conversation,
  ...inbox,
  ...message,
  ...person,
  ...savedSearch,
  ...stateDigest,
};
const schemaOf = (name: string) => SCHEMAS[name.charAt(0).toLowerCase() + name.slice(1)];
/** Calls of which a client that only keeps in step needs none. */
const OTHERS =
  /^(admin|workspace|invitations|devices|search)\.|^searches\.(?!list)|^auth\.(checkPassword|resetPassword)|^me\.changePassword|^conversations\.looks/;

describe('docs/sync.md', () => {
  const calls = table('kind | call | input | answer');

  it('lists every call, and none that is not there', () => {
    const there = [...procedures.keys()].filter((name) => !OTHERS.test(name));
    expect(calls.map(([, name]) => nameOf(name)).sort()).toEqual(there.sort());
  });

  it.each([...procedures].filter(([name]) => !OTHERS.test(name)))(
    'has the kind and the input of %s as they are',
    (name, entry) => {
      const [kind, , input] = calls.find((cells) => nameOf(cells[1]) === name) ?? [];
      expect([kind, fieldsOf(input)]).toEqual([
        entry.kind === 'query' ? 'GET' : 'POST',
        keysOf(entry.input).sort(),
      ]);
    },
  );

  it('names no call in its text that is not there', () => {
    const known = new Set<string | undefined>(procedures.keys());
    const named = [...page.matchAll(/`((?:sync|messages|conversations|people|auth|me|searches)\.\w+)/g)];
    expect(named.length).toBeGreaterThan(calls.length);
    expect(named.map((match) => match[1]).filter((name) => !known.has(name))).toEqual([]);
  });

  it('lists every event, and none that is not there', () => {
    const there = Object.keys(SERVER_EVENTS);
    expect(there.length).toBeGreaterThan(5);
    const events = table('event | payload |');
    expect(events.map(([name]) => nameOf(name)).sort()).toEqual(there.sort());
    const sent = /Events from the device: (.*)/.exec(page)?.[1] ?? '';
    for (const name of Object.keys(CLIENT_EVENTS)) expect(sent).toContain(`\`${name} {`);
  });

  it('has the fields of every shape as they are', () => {
    const shapes = table('shape | fields; a `?` is left out where there is nothing to say');
    expect(shapes.length).toBeGreaterThan(10);
    for (const [name, fields] of shapes) {
      // "a `Person` with `{…}`" names what it has besides.
      const besides = keysOf(schemaOf(/^a `(\w+)` with/.exec(fields ?? '')?.[1] ?? ''));
      const there = keysOf(schemaOf(nameOf(name))).filter((key) => !besides.includes(key));
      expect(there).not.toEqual([]);
      expect([name, fieldsOf(fields)]).toEqual([name, there.sort()]);
    }
  });

  it('names no code that is not there', () => {
    const rows = table('code | do');
    const codes = rows.flatMap(([cell]) => [...(cell ?? '').matchAll(/`(\w+)`/g)].map((match) => match[1]));
    expect(codes.length).toBeGreaterThan(5);
    expect(codes.filter((code) => !(ERROR_CODES as readonly (string | undefined)[]).includes(code))).toEqual(
      [],
    );
  });

  it('says the versions as they are, and so do the clients made from it', () => {
    expect(page).toContain(`\`PROTOCOL_VERSION\` is ${PROTOCOL_VERSION}.`);
    expect(page).toContain(`\`OLDEST_VERSION\` (${OLDEST_VERSION})`);
    for (const client of ['second-client-line.ts', 'python/lockstep_socket.py'])
      expect(read(`docs/examples/${client}`)).toContain(`PROTOCOL = ${PROTOCOL_VERSION}`);
  });

  it('says how many calls and frames there may be', () => {
    const rows = table('budget | calls | counted by | how many');
    expect(rows.map(([name, , , many]) => [nameOf(name), many])).toEqual(
      Object.entries(BUDGETS).map(([name, { calls, seconds }]) => [name, `${calls} in ${seconds} s`]),
    );
    const numbers = (path: string, pattern: RegExp) => {
      const found = pattern.exec(read(`packages/realtime/src/${path}.ts`));
      return found?.slice(1).map(Number) ?? [];
    };
    const [frames, framesPerSecond] = numbers('guard', /FRAMES = \{ burst: (\d+), perSecond: (\d+) \}/);
    const [unread] = numbers('guard', /BACKLOG_BYTES = (\d+) \* 1024 \* 1024;/);
    const [events, perSecond, refusals] = numbers(
      'dispatch',
      /LIMIT = \{ burst: (\d+), perSecond: (\d+), refusals: (\d+) \}/,
    );
    for (const words of [
      `${frames} frames of any kind at once and ${framesPerSecond} a second`,
      `${events} events at once and ${perSecond} a second`,
      `after ${refusals} such answers`,
      `more than ${unread} MiB unread`,
    ])
      expect(page).toContain(words);
  });

  it('has the hash right', () => {
    const examples = [...page.matchAll(/hash\("(.*?)"\) = ([0-9a-f]{16})/g)];
    expect(examples).toHaveLength(2);
    for (const [, text, value] of examples) expect(hash(text ?? '')).toBe(value);
  });
});
