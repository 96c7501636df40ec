import type { InboxEntry, Message } from '@lockstep/protocol';
import type { Inspection } from '@lockstep/sync';
import { expect } from '@playwright/test';
import type { Device } from './device.ts';
import type { Person } from './people.ts';
import { serverDigest, serverEntries, serverMessages } from './server-state.ts';

/** Shorter than the time after which devices pull by themselves, which would hide a lost push. */
const TIMEOUT_MS = 40_000;

/**
 * Waits until nothing is in flight on any of these devices and each agrees with the server about everything it holds
 * (rule 12), so that devices of one person agree with each other. Refused commands do not count as in flight. Rejects
 * with the differences.
 */
export const converged = (...devices: Device[]): Promise<void> => convergedWithin(TIMEOUT_MS, ...devices);

/** The same with another timeout, in ms. */
export const convergedWithin = async (ms: number, ...devices: Device[]): Promise<void> => {
  if (devices.length === 0) throw new Error('converged() of no device would always hold');
  let faults: string[] = [];
  try {
    await expect(async () => {
      faults = (await Promise.all(byPerson(devices).map(faultsOf))).flat();
      expect(faults).toEqual([]);
    }).toPass({ timeout: ms, intervals: [50, 100, 200] });
  } catch {
    const details = await Promise.all(devices.map(differences));
    throw new Error([`Not converged after ${ms / 1000} s:`, ...faults, ...details.flat()].join('\n  '));
  }
};

const byPerson = (devices: Device[]): { person: Person; devices: Device[] }[] =>
  [...new Set(devices.map(({ person }) => person))].map((person) => ({
    person,
    devices: devices.filter((device) => device.person === person),
  }));

const faultsOf = async ({ person, devices }: { person: Person; devices: Device[] }): Promise<string[]> => {
  const seen = await Promise.all(devices.map((device) => device.inspect()));
  const faults: string[] = [];
  // One after the other: devices hold the same messages, and the server gives each range of one call once.
  for (const [i, { name }] of devices.entries()) {
    const own = seen[i];
    if (!own) faults.push(`${name}: no engine in the page`);
    else faults.push(...(await differing(person, own)).map((fault) => `${name}: ${fault}`));
  }
  return faults;
};

const differing = async (person: Person, own: Inspection): Promise<string[]> => {
  const server = await serverDigest(person, own.digest.ranges);
  const faults = busy(own);
  if (own.digest.overall !== server.overall) faults.push('its conversations are not the server’s');
  for (const [i, { conversationId, from, to, digest }] of own.digest.ranges.entries()) {
    if (server.ranges[i] !== digest)
      faults.push(`messages ${from} to ${to} of ${conversationId} are not the server’s`);
  }
  return faults;
};

const busy = ({ caughtUp, loading, pending }: Inspection): string[] => [
  ...(caughtUp ? [] : ['has not caught up']),
  ...(loading > 0 ? [`${loading} timelines are loading`] : []),
  ...(pending > 0 ? [`${pending} commands that the server does not have`] : []),
];

/** Field by field, where a device and the server differ. */
const differences = async (device: Device): Promise<string[]> => {
  const own = await device.inspect();
  if (!own) return [];
  const lines: string[] = [];
  const onServer = await serverEntries(device.person);
  const ids = new Set([...Object.keys(own.digest.conversations), ...onServer.keys()]);
  for (const id of ids) {
    const onDevice = await device.page.evaluate((key) => globalThis.__lockstep?.entry(key) ?? null, id);
    lines.push(...compare(`conversation ${id}`, comparable(onDevice), comparable(onServer.get(id) ?? null)));
  }
  for (const range of own.digest.ranges) {
    const held = await device.page.evaluate(
      (key) => globalThis.__lockstep?.messages(key) ?? [],
      range.conversationId,
    );
    const stored = await serverMessages(device.person, range);
    const at = (list: readonly Message[], seq: number) => list.find((message) => message.seq === seq) ?? null;
    for (let seq = range.from; seq <= range.to; seq++)
      lines.push(...compare(`message ${seq} of ${range.conversationId}`, at(held, seq), at(stored, seq)));
  }
  return lines.map((line) => `${device.name}: ${line}`);
};

/** Without how it travels. */
const comparable = (entry: InboxEntry | null) => {
  if (!entry) return null;
  const {
    pos: _,
    conversation: { diffusion: __, createdAt: ___, ...conversation },
    ...rest
  } = entry;
  return { ...rest, ...conversation };
};

const compare = (what: string, onDevice: object | null, onServer: object | null): string[] => {
  if (!onDevice || !onServer)
    return onDevice === onServer ? [] : [`${what}: only on the ${onDevice ? 'device' : 'server'}`];
  const [a, b] = [onDevice, onServer] as Record<string, unknown>[] as [
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]))
    .map((key) => `${what}: ${key} is ${JSON.stringify(a[key])}, on the server ${JSON.stringify(b[key])}`);
};
