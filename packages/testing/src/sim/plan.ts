import { DEAF, type Faults, NO_FAULTS } from '@lockstep/sync/faults';
import { below, type Random, streamOf } from './random.ts';

/** What a step can do, and how often it comes up against the others. */
export const ACTIONS = {
  send: 26,
  burst: 1,
  edit: 6,
  recall: 4,
  read: 10,
  draft: 9,
  sendDraft: 4,
  clearDraft: 1,
  personal: 6,
  place: 1,
  open: 9,
  loadBefore: 3,
  loadAfter: 2,
  loadAround: 3,
  jumpToNewest: 2,
  race: 4,
  search: 3,
  cut: 3,
  offline: 4,
  online: 6,
  sleep: 2,
  wake: 3,
  clock: 1,
  openTab: 3,
  closeTab: 1,
  crashTab: 2,
  freezeTab: 2,
  resumeTab: 2,
  crash: 1,
  add: 2,
  remove: 2,
  join: 2,
  leave: 1,
  rename: 2,
  role: 1,
  create: 1,
  grow: 1,
  shrink: 1,
  killWorker: 1,
  startWorker: 2,
  killServer: 1,
  startServer: 2,
} as const;

export type ActionName = keyof typeof ACTIONS;

/** One thing that happens, in numbers that make sense whatever else happens: steps can be taken out. */
export interface Step {
  /** Milliseconds since the step before. */
  after: number;
  action: ActionName;
  /** Index of a device. */
  device: number;
  /** In [0, 1): which conversation, and what of it. */
  where: number;
  what: number;
}

export interface DevicePlan {
  name: string;
  /** Index of its person. */
  person: number;
  /** How far its clock is off, in ms. */
  skewMs: number;
  /** Tabs open at the start. */
  tabs: number;
  /** A private window: it keeps nothing on disk, and is one tab. */
  private: boolean;
}

interface ConversationPlan {
  kind: 'direct' | 'group' | 'channel';
  /** Indexes of people; the first owns it. */
  members: number[];
}

/**
 * `rough`: anything may be lost, and at the end every device is woken once. `calm`: nothing is lost silently, the
 * fan-out is immediate, and devices must converge without a wake-up. `deaf`: no push ever arrives, and no wake-up
 * (rule 9).
 */
export type Mode = 'rough' | 'calm' | 'deaf';

/** A whole run: everything that the seed decides, so that it can be shrunk and kept as a file. */
export interface Plan {
  seed: number;
  mode: Mode;
  faults: Faults;
  /** People with devices first. */
  people: number;
  devices: DevicePlan[];
  conversations: ConversationPlan[];
  steps: Step[];
}

const HOUR = 3_600_000;
const NAMES = Object.entries(ACTIONS).flatMap(([name, weight]) => Array<string>(weight).fill(name));

export const planOf = (seed: number): Plan => {
  const random = streamOf(seed, 'plan');
  const dice = random();
  const mode = dice < 0.6 ? 'rough' : dice < 0.92 ? 'calm' : 'deaf';
  const owners = 2 + below(random, 3);
  const count = Math.max(owners, 2 + below(random, 5));
  const devices = Array.from({ length: count }, (_, i) => {
    const person = i < owners ? i : below(random, owners);
    return {
      name: `${'abcdef'[person]}${i}`,
      person,
      skewMs: skew(random),
      tabs: random() < 0.25 ? 2 : 1,
      private: random() < 0.25,
    };
  });
  // A few without a device make conversations large.
  const people = owners + 3;
  const all = Array.from({ length: people }, (_, i) => i);
  return {
    seed,
    mode,
    faults: faultsOf(random, mode),
    people,
    devices,
    conversations: [
      { kind: 'group', members: all.slice(0, owners) },
      { kind: 'channel', members: all.slice(0, 3 + below(random, people - 2)) },
      ...(random() < 0.5 ? [{ kind: 'direct' as const, members: [0, 1] }] : []),
    ],
    steps: Array.from({ length: 30 + below(random, 51) }, () => ({
      after: Math.round(random() * 600),
      action: NAMES[below(random, NAMES.length)] as ActionName,
      device: below(random, count),
      where: round(random()),
      what: round(random()),
    })),
  };
};

const round = (value: number) => Math.floor(value * 1_000) / 1_000;

const skew = (random: Random) => (random() < 0.5 ? 0 : Math.round((random() - 0.5) * 10 * HOUR));

const faultsOf = (random: Random, mode: Mode): Faults => ({
  ...NO_FAULTS,
  dropPush: mode === 'deaf' ? DEAF.dropPush : mode === 'calm' ? 0 : random() * 0.4,
  duplicatePush: random() * 0.3,
  reorderPush: random() < 0.3 ? 0 : random() * 0.5,
  dropCall: mode === 'calm' ? 0 : random() * 0.2,
  dropAnswer: mode === 'calm' ? 0 : random() * 0.2,
  delayMs: 1,
  jitterMs: 20 + random() * 400,
});
