/**
 * How long the search of a device takes, from the question to the first answer, once its worker is warm:
 * `node --import tsx packages/search/test/device/speed.ts [messages]`.
 */
import { parseSearch } from '@lockstep/protocol';
import { DiskStore } from '@lockstep/sync/store/disk';
import { HeldMessages } from '@lockstep/sync/store/held-messages';
import { sampleEntry, sampleMessage } from '@lockstep/testing/samples';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { devicePlan } from '../../src/device/plan.ts';
import { type DeviceAnswer, DeviceSearcher } from '../../src/device/searcher.ts';
import type { DeviceState } from '../../src/device/state.ts';

const ENGLISH =
  `the a to and is it that of for in you on have with this not be but what can my if there do are or at from
  so no how just like was would get will one use they know has when install your it's about which then need ok yes think
  up all try work me thanks ubuntu file error run want here package kernel driver windows problem screen sound network
  version update server root command look right also after see more them wireless module terminal folder compile library`.split(
    /\s+/,
  );
const CHINESE =
  '的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装';

let seed = 42;
const random = (): number => {
  seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296;
  return seed / 4_294_967_296;
};
/** The first are frequent, as words are. */
const pick = <T>(list: ArrayLike<T>): T => list[Math.floor(random() ** 2.5 * list.length)] as T;
const text = (): string =>
  random() < 0.35
    ? Array.from({ length: 4 + Math.floor(random() * 40) }, () => pick(CHINESE)).join('')
    : Array.from({ length: 2 + Math.floor(random() * 24) }, () =>
        random() < 0.12 ? `${pick(ENGLISH)}${Math.floor(random() * 5_000).toString(36)}` : pick(ENGLISH),
      ).join(' ');

const COUNT = Number(process.argv[2] ?? 25_000);
const CONVERSATIONS = 50;
const idb = { indexedDB: new IDBFactory(), IDBKeyRange };
const store = new DiskStore({ userId: 'me', idb });
const { epoch } = await store.takeOver();
const entries = Array.from({ length: CONVERSATIONS }, (_, i) => sampleEntry({ id: `c${i}`, title: `c${i}` }));
const inbox = new Map(entries.map((entry) => [entry.conversation.id, entry]));
const each = Math.ceil(COUNT / CONVERSATIONS);
for (const [conversationId] of inbox) {
  const messages = Array.from({ length: each }, (_, i) =>
    sampleMessage(i + 1, { conversationId, body: text(), createdAt: Math.floor(random() * 1e12) }),
  );
  if (conversationId === 'c7' && messages[3])
    messages[3] = { ...messages[3], body: 'zanzibar 桑给巴尔 lies far away' };
  await store.write(epoch, {
    messages,
    held: [{ conversationId, since: 0, rev: each, ranges: [[1, each]] }],
  });
}
await store.write(epoch, { entries, pos: 1 });

let answered: ((answer: DeviceAnswer) => void) | null = null;
const device = new DeviceSearcher(new HeldMessages('me', idb), (answer) => {
  answered?.(answer);
  answered = null;
});
let start = performance.now();
await device.refresh();
console.log(
  `${device.index.size} messages read and taken apart in ${(performance.now() - start).toFixed(0)} ms`,
);

const state: DeviceState = {
  me: { userId: 'me' },
  inbox,
  timelines: new Map(),
  people: new Map(),
};
const QUERIES = [
  'the',
  'kernel driver',
  'zanzibar',
  'nothinglikeit',
  'wire*',
  '声音',
  '桑给',
  '发展问题',
  '"no sound"',
];
QUERIES.push(
  '"the the the the"',
  'file -the',
  'a9',
  'windows in:#c7',
  'kernel before:1975',
  'is:unread sound',
  'has:link',
);
let run = 0;
for (const query of QUERIES) {
  const times: number[] = [];
  const cpu: number[] = [];
  let hits = 0;
  for (let i = 0; i < 30; i++) {
    start = performance.now();
    const used = process.cpuUsage();
    const first = new Promise<DeviceAnswer>((resolve) => {
      answered = resolve;
    });
    const moment = { now: Date.now(), timeZone: 'UTC' };
    const plan = await devicePlan(parseSearch(query, { typing: false }).query, state, moment);
    const end = device.search(++run, plan);
    hits = (await first).hits.length;
    times.push(performance.now() - start);
    const { user, system } = process.cpuUsage(used);
    cpu.push((user + system) / 1_000);
    await end;
  }
  const at = (all: number[], i: number) => (all.sort((a, b) => a - b)[i] as number).toFixed(1).padStart(6);
  // Beside others on the machine, only the processor time says something.
  console.log(
    `${query.padEnd(22)} ${String(hits).padStart(4)} hits  p50 ${at(times, 15)}  p95 ${at(times, 28)} ms  of CPU ${at(cpu, 15)}  ${at(cpu, 28)} ms`,
  );
}
