import type { Random } from './random.ts';
import { type CastLine, PARKS } from './thread.ts';

const castLine = (who: CastLine['who'], body: string): CastLine => ({
  who,
  body,
  was: null,
  recalled: false,
});

const BRANCHES = [
  'delta-sync',
  'glove-buttons',
  'legend-icons',
  'resume-download',
  'photo-keys',
  'magenta',
  'handover-sketch',
  'bigram-names',
  'battery-mode',
  'old-endpoint',
];
const FAILURES = [
  '`map.render.test.ts`: snapshot differs by 14 pixels',
  '`sync.test.ts`: expected rev 48214, got 48213',
  '`download.test.ts`: timed out after 5 s',
  'lint: unused import in `legend.tsx`',
  '`names.zh.test.ts`: 天池 not found',
];
const REPLIES = [
  'Mine, fixing.',
  'Looking.',
  '我来看',
  'Flaky runner, I restarted it.',
  'Sorry, forgot the snapshot.',
];

/** Messages of the build server, mostly successes. */
export const buildNews = (random: Random): CastLine[] => {
  const branch = random.pick(BRANCHES);
  const hash = random.int(0x1000000, 0xfffffff).toString(16);
  const time = `${random.int(2, 5)} min ${random.int(1, 59)} s`;
  if (random.next() < 0.82)
    return [
      castLine('build', `✅ **${branch}** \`${hash}\` passed in ${time}, ${random.int(2_310, 2_480)} tests`),
    ];
  return [
    castLine('build', `❌ **${branch}** \`${hash}\` failed after ${time}\n> ${random.pick(FAILURES)}`),
    castLine(random.pick(['hao', 'bo', 'yuki', 'jing'] as const), random.pick(REPLIES)),
    castLine(
      'build',
      `✅ **${branch}** \`${random.int(0x1000000, 0xfffffff).toString(16)}\` passed in ${time}`,
    ),
  ];
};

const PLACES = [
  'the hut',
  'the pass',
  'the upper lake',
  'the car park',
  'the summit cross',
  'the old mine',
  'the ford',
];
const WEATHER = [
  'clear',
  'fog, 50 m',
  'light snow',
  'wind from the west',
  'rain',
  'thunder far away',
  'sun, at last',
];
const NOTES = [
  'Download resumed by itself.',
  'Search found it on the second letter.',
  'Compass agrees with the real one.',
  'Photo waits for the wifi, as it should.',
  'Gloves on, no wrong taps.',
  'One duplicate waypoint, screenshot in the ticket.',
  'Screen readable in full sun.',
  'Lost the fix for 40 s under the trees.',
  'Track is smooth.',
  '离线地图没有问题。',
];

/** An entry from a test in the field. */
export const fieldNote = (random: Random): CastLine[] => {
  const who = random.pick(['yuki', 'dana', 'mateo', 'tomas', 'xue'] as const);
  const metres = random.int(640, 2_740);
  const lines = [
    castLine(
      who,
      `**${random.pick(PARKS)}**, ${random.pick(PLACES)}, ${metres.toLocaleString('en')} m, ${random.pick(WEATHER)}. ` +
        `Battery ${random.int(31, 98)}%, ${random.int(2, 19)}.${random.int(0, 9)} km so far. ${random.pick(NOTES)}`,
    ),
  ];
  if (random.next() < 0.25)
    lines.push(
      castLine(
        random.pick(['bo', 'priya', 'grace', 'jing'] as const),
        random.pick([
          'Thank you!',
          'Wonderful.',
          'Stay warm!',
          '注意安全！',
          'Noted, I take that one.',
          'Jealous 🏔️',
        ]),
      ),
    );
  return lines;
};
