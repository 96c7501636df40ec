import { actions } from '@lockstep/core';
import { FOREVER } from '@lockstep/protocol';
import type { Device } from './device.ts';
import { ACTIONS, type ActionName, type Step } from './plan.ts';
import type { Play } from './play.ts';
import { below, pick } from './random.ts';
import { searchEverywhere } from './search.ts';
import type { Tab } from './tab.ts';
import { actorOf } from './world.ts';

const HOUR = 3_600_000;

const PERSONAL = [
  { markedUnread: true },
  { markedUnread: true },
  { markedUnread: false },
  { mutedUntil: FOREVER },
  { mutedUntil: null },
  { pinned: true },
  { pinned: false },
  { archived: true },
  { archived: false },
];

/** The actions of a person on a device; the other steps are events. */
const USED = new Set<ActionName>(
  (Object.keys(ACTIONS) as ActionName[]).filter(
    (name) => !/^(burst|cut|offline|online|sleep|wake|clock|grow|shrink|kill|start|.*Tab$|crash)/.test(name),
  ),
);

interface Scene {
  run: Play;
  device: Device;
  /** One of its tabs. */
  tab: Tab;
  step: Step;
  /** The conversation. */
  id: string;
  /** `what` as an index below a limit. */
  index(limit: number): number;
  one<T>(from: readonly T[]): T | undefined;
}

/** Performs a step, as far as it makes sense now, without waiting for anything. */
export const act = (run: Play, step: Step): void => {
  const device = run.devices[step.device];
  const id = run.conversations[Math.floor(step.where * run.conversations.length)];
  if (!device || !id) return;
  const used = USED.has(step.action);
  // Nobody uses a device whose lid is closed; one that was off is turned on.
  if (used && device.asleep) return;
  if (used) device.use();
  const tab = device.tabs[Math.floor(step.where * 997) % Math.max(1, device.tabs.length)];
  if (!tab) return;
  const scene: Scene = {
    run,
    device,
    tab,
    step,
    id,
    index: (limit) => below(() => step.what, limit),
    one: (from) => pick(() => step.what, from),
  };
  DO[step.action](scene);
};

/** An API call outside the engine. */
const call = <T>({ run, tab, step }: Scene, work: () => Promise<T>): Promise<T | null> =>
  run.network.call(tab.machine, step.action, work).catch(() => null);

const timeline = ({ tab, id }: Scene) => tab.state.timelines.get(id);
const headSeq = ({ tab, id }: Scene) => tab.state.inbox.get(id)?.conversation.headSeq ?? 0;
const own = (scene: Scene) =>
  timeline(scene)?.messages.filter((m) => m.senderId === scene.device.userId && m.body !== null) ?? [];

/** Of those that are not sent yet: their client ids. */
const unsent = ({ tab, id }: Scene) =>
  tab.state.outbox.flatMap((item) =>
    item.conversationId === id && item.state !== 'failed' ? item.clientId : [],
  );

const members = async ({ run, id }: Scene): Promise<string[]> => {
  const { rows } = await run.core.db.pool.query<{ user_id: string }>(
    'select user_id from active_member where conversation_id = $1 order by user_id',
    [id],
  );
  return rows.map((row) => row.user_id);
};

/** Somebody of the crowd goes in or out, sent by the owner: crosses the threshold. */
const crowd = async (scene: Scene, verb: 'grow' | 'shrink') => {
  const { run, id } = scene;
  const inside = await members(scene);
  const actor = actorOf(run.owners.get(id) as string);
  if (verb === 'grow')
    return actions.addMembers(actor, run.core, { conversationId: id, userIds: [...run.people.values()] });
  for (const userId of run.crowd.filter((one) => inside.includes(one)))
    await actions.removeMember(actor, run.core, { conversationId: id, userId });
};

/** Somebody changes old messages while a page is on its way. */
const race = (scene: Scene) => {
  const { run, tab, id, step } = scene;
  const load = [
    () => tab.engine.loadBefore(id),
    () => tab.engine.loadAfter(id),
    () => tab.engine.loadAround(id, 1 + scene.index(Math.max(1, headSeq(scene)))),
    () => tab.engine.jumpToNewest(id),
  ];
  void load[Math.floor(step.what * 997) % load.length]?.();
  for (let i = 1; i <= 3; i++)
    run.clock.setTimeout(
      () => {
        const messages = run.ledger.messages(id).filter((m) => m.body !== null);
        const target = messages[Math.floor(step.where * 991 * i) % Math.max(1, messages.length)];
        if (!target) return;
        const { seq, senderId } = target;
        const body = `edit ${run.next()}`;
        void run.outside(() =>
          actions.editMessage(actorOf(senderId), run.core, { conversationId: id, seq, body }),
        );
      },
      step.what * 200 * i,
    );
};

/** Something that was said, by anyone: while the index is behind, and now and then just after it came. */
const search = (scene: Scene) => {
  const { run, tab, id, step } = scene;
  const texts = run.ledger.messages(id).flatMap(({ body }) => body?.match(/\btext \d+$/)?.[0] ?? []);
  // What was sent last comes up as often as all before it.
  const words = (step.where * 997) % 1 < 0.5 ? texts.at(-1) : scene.one(texts);
  if (!words) return;
  void run.watched(async () => {
    if (step.what < 0.3) await run.core.search.index.apply([id]);
    await searchEverywhere(run, tab, words);
  });
};

const DO: Record<ActionName, (scene: Scene) => unknown> = {
  send: ({ run, device, tab, id }) => device.send(tab, id, `text ${run.next()}`),
  burst: (scene) => {
    const { run, id } = scene;
    void run.outside(async () => {
      const inside = await members(scene);
      const count = 20 + scene.index(60);
      await Promise.all(
        Array.from({ length: count }, (_, i) =>
          actions.sendMessage(actorOf(inside[i % inside.length] as string), run.core, {
            conversationId: id,
            clientId: run.newId(),
            body: `burst ${run.next()}`,
          }),
        ),
      );
    });
  },
  edit: (scene) => {
    const { run, device, tab, id, step } = scene;
    const dice = (step.what * 997) % 1;
    if (dice < 0.3 && device.decide(tab, id, dice < 0.2)) return;
    const target = scene.one([...own(scene), ...unsent(scene)]);
    if (target) device.change(tab, id, target, `edit ${run.next()}`, dice < 0.7);
  },
  recall: (scene) => {
    const { device, tab, id } = scene;
    // Now and then somebody else's: owners may.
    const all = timeline(scene)?.messages.filter((m) => m.body !== null) ?? [];
    const target = scene.one(scene.step.what > 0.7 ? all : [...own(scene), ...unsent(scene)]);
    if (target) device.change(tab, id, target, null, false);
  },
  read: (scene) =>
    scene.tab.engine.markRead(scene.id, Math.ceil(Math.min(1, scene.step.what * 1.5) * headSeq(scene))),
  draft: ({ run, device, tab, id }) => device.type(tab, id, run.next()),
  sendDraft: ({ device, tab, id }) => device.sendDraft(tab, id),
  clearDraft: ({ device, tab, id }) => device.clearDraft(tab, id),
  personal: (scene) => {
    const { device, tab, id } = scene;
    const change = scene.one(PERSONAL);
    if (change) device.set(tab, id, change);
  },
  place: (scene) =>
    scene.tab.engine.setLastViewed(scene.id, scene.step.what < 0.2 ? null : scene.index(headSeq(scene) + 1)),
  open: ({ tab, id }) => void tab.engine.open(id),
  loadBefore: ({ tab, id }) => void tab.engine.loadBefore(id),
  loadAfter: ({ tab, id }) => void tab.engine.loadAfter(id),
  loadAround: (scene) =>
    void scene.tab.engine.loadAround(scene.id, 1 + scene.index(Math.max(1, headSeq(scene)))),
  jumpToNewest: ({ tab, id }) => void tab.engine.jumpToNewest(id),
  race,
  search,
  cut: ({ run, tab }) => run.network.cut(tab.machine),
  offline: ({ device, step }) => device.offline(step.what < 0.5),
  online: ({ device }) => device.online(),
  sleep: ({ device }) => device.sleep(),
  wake: ({ device }) => device.wake(),
  clock: ({ device, step }) => device.clock.skew(Math.round((step.what - 0.5) * 10 * HOUR)),
  openTab: ({ device }) => device.openTab(),
  closeTab: ({ device, tab }) => device.closeTab(tab),
  crashTab: ({ device, tab }) => device.crashTab(tab),
  freezeTab: ({ device, tab, step }) => device.freezeTab(tab, step.what < 0.5),
  resumeTab: ({ device, tab }) => device.resumeTab(tab),
  crash: ({ device }) => device.crash(),
  add: (scene) => {
    const { run, device, id } = scene;
    const userId = scene.one(run.people) as string;
    void call(scene, () =>
      actions.addMembers(actorOf(device.userId), run.core, { conversationId: id, userIds: [userId] }),
    );
  },
  remove: (scene) => {
    const { run, device, id } = scene;
    const userId = scene.one(run.people) as string;
    void call(scene, () =>
      actions.removeMember(actorOf(device.userId), run.core, { conversationId: id, userId }),
    );
  },
  join: (scene) => {
    const { run, device, tab, id } = scene;
    void call(scene, () =>
      actions.joinChannel(actorOf(device.userId), run.core, { conversationId: id }),
    ).then((entry) => entry && tab.engine.applyEntry(entry));
  },
  leave: (scene) => {
    const { run, device, id } = scene;
    void call(scene, () =>
      actions.leaveConversation(actorOf(device.userId), run.core, { conversationId: id }),
    );
  },
  rename: (scene) => {
    const { run, device, id } = scene;
    const title = `title ${run.next()}`;
    void call(scene, () =>
      actions.renameConversation(actorOf(device.userId), run.core, { conversationId: id, title }),
    );
  },
  role: (scene) => {
    const { run, device, id } = scene;
    const userId = scene.one(run.people) as string;
    const role = scene.step.where < 0.5 ? 'admin' : 'member';
    void call(scene, () =>
      actions.setRole(actorOf(device.userId), run.core, { conversationId: id, userId, role }),
    );
  },
  create: (scene) => {
    const { run, device, tab } = scene;
    const userIds = run.people.slice(0, 1 + scene.index(run.people.length));
    void call(scene, async () => {
      const entry = await actions.createGroup(actorOf(device.userId), run.core, {
        title: `group ${run.next()}`,
        userIds,
      });
      run.conversations.push(entry.conversation.id);
      run.owners.set(entry.conversation.id, device.userId);
      return entry;
    }).then((entry) => entry && tab.engine.applyEntry(entry));
  },
  grow: (scene) => void scene.run.outside(() => crowd(scene, 'grow')),
  shrink: (scene) => void scene.run.outside(() => crowd(scene, 'shrink')),
  killWorker: ({ run, step }) => run.plan.mode !== 'calm' && run.worker.kill(step.what < 0.7),
  startWorker: ({ run }) => void run.worker.sweep(),
  killServer: ({ run }) => run.network.kill(),
  startServer: ({ run }) => {
    run.network.up = true;
  },
};
