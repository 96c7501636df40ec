import type { ConversationKind, Visibility } from '@lockstep/protocol';
import { CAST, type Key } from './cast.ts';
import { buildNews, fieldNote } from './logs.ts';
import type { Random } from './random.ts';
import type { CastLine } from './thread.ts';

export interface DemoConversation {
  /** Of the file with its threads. */
  slug: string;
  kind: Exclude<ConversationKind, 'direct'>;
  title: string;
  topic: string | null;
  visibility: Visibility;
  /** The first is the owner. */
  members: readonly Key[];
  /** How many times each repeatable thread is used. */
  repeats: number;
  /** Used instead of repeatable threads. */
  log?: { of: (random: Random) => CastLine[]; count: number };
  /** Hours of the working day, UTC. */
  hours: readonly [number, number];
  /** Minutes from the newest message to now. */
  quietFor: number;
  /** Newest messages that Ann and Bo have not read yet. */
  unread: { ann?: number; bo?: number };
}

const everyone = (Object.keys(CAST) as Key[]).filter((key) => key !== 'build');
const LISBON = [8, 18] as const;
const channel = { kind: 'channel', visibility: 'public', hours: LISBON, repeats: 4 } as const;
const group = { kind: 'group', visibility: 'private', topic: null, hours: LISBON, repeats: 3 } as const;

export const CONVERSATIONS: readonly DemoConversation[] = [
  {
    ...channel,
    slug: 'general',
    title: 'general',
    topic: 'Everything that concerns all of us. Release week: 2.0 🏔️',
    members: everyone,
    quietFor: 34,
    unread: {},
  },
  {
    ...channel,
    slug: 'engineering',
    title: 'engineering',
    topic: 'How it works, and why it did not. Handbook: https://handbook.trailhead.example',
    members: ['bo', 'ann', 'mateo', 'hao', 'jing', 'yuki', 'tomas', 'xue', 'dana', 'grace', 'priya'],
    quietFor: 6,
    unread: {},
  },
  {
    ...channel,
    slug: 'design',
    title: 'design',
    topic: 'Readable at dusk, usable with gloves',
    members: ['priya', 'ann', 'hao', 'yuki', 'dana', 'jing', 'tomas', 'sam'],
    quietFor: 52,
    unread: { ann: 3 },
  },
  {
    ...channel,
    slug: 'support',
    title: 'support',
    topic: 'What rangers ask and what we answer. First answer within 15 minutes',
    members: ['grace', 'xue', 'ann', 'bo', 'hao', 'jing', 'tomas', 'yuki', 'priya', 'mateo'],
    quietFor: 19,
    unread: { ann: 7, bo: 3 },
  },
  {
    ...channel,
    slug: 'research',
    title: 'research',
    topic: 'Interviews, field trips, what we have learnt',
    members: ['dana', 'priya', 'ann', 'tomas'],
    quietFor: 1_510,
    unread: {},
  },
  {
    ...channel,
    slug: 'releases',
    title: 'releases',
    topic: 'What is out, what is on pilot',
    members: ['mateo', ...everyone.filter((key) => key !== 'mateo')],
    repeats: 5,
    quietFor: 240,
    unread: {},
  },
  {
    ...channel,
    slug: 'shanghai',
    title: '上海办公室',
    topic: '午饭、会议室和一切本地的事',
    members: ['jing', 'hao', 'xue', 'ann'],
    hours: [1, 10],
    repeats: 7,
    quietFor: 95,
    unread: { ann: 5 },
  },
  {
    ...channel,
    slug: 'random',
    title: 'random',
    topic: 'Foxes, bread, music',
    members: everyone,
    quietFor: 78,
    unread: { bo: 4 },
  },
  {
    ...channel,
    slug: 'field-tests',
    title: 'field-tests',
    topic: 'Short notes from outside: place, weather, battery, what happened',
    members: ['dana', 'yuki', 'mateo', 'tomas', 'xue', 'bo', 'priya', 'grace', 'jing'],
    log: { of: fieldNote, count: 520 },
    quietFor: 130,
    unread: { bo: 12 },
  },
  {
    ...channel,
    slug: 'builds',
    title: 'builds',
    topic: 'Told by the build server',
    members: ['mateo', 'bo', 'hao', 'yuki', 'jing', 'build'],
    log: { of: buildNews, count: 780 },
    quietFor: 11,
    unread: { bo: 140 },
  },
  {
    ...channel,
    slug: 'launch',
    title: 'launch-2.0',
    topic: 'Until Thursday: only those who have to know',
    visibility: 'private',
    members: ['ann', 'sam', 'grace', 'mateo', 'priya', 'dana'],
    quietFor: 47,
    unread: {},
  },
  {
    ...group,
    slug: 'offline-squad',
    title: 'Offline squad',
    members: ['bo', 'yuki', 'jing', 'xue', 'hao'],
    repeats: 8,
    quietFor: 160,
    unread: {},
  },
  {
    ...group,
    slug: 'offsite',
    title: 'Offsite 🌊',
    members: ['grace', 'ann', 'bo', 'mateo', 'sam', 'priya', 'hao', 'jing', 'tomas', 'yuki'],
    quietFor: 310,
    unread: { bo: 2 },
  },
];

/** Direct conversations and notes are cut from one file; only exceptions are listed here. */
export const DIRECT: Record<string, { quietFor: number; unread?: { ann?: number; bo?: number } }> = {
  'ann bo': { quietFor: 3, unread: { ann: 2 } },
  'ann grace': { quietFor: 26, unread: { ann: 1 } },
  'ann jing': { quietFor: 68 },
  'ann priya': { quietFor: 190 },
  'ann mateo': { quietFor: 275 },
  'ann dana': { quietFor: 1_480 },
  'bo hao': { quietFor: 41, unread: { bo: 1 } },
  'bo yuki': { quietFor: 88 },
  'bo mateo': { quietFor: 150 },
  'bo xue': { quietFor: 205 },
  ann: { quietFor: 420 },
  bo: { quietFor: 385 },
};
