import { actions } from '@lockstep/core';
import { FOREVER, LockstepError } from '@lockstep/protocol';
import type { Device } from './device.ts';
import { ACTIONS, type ActionName, type Step } from './plan.ts';
import { below, pick } from './random.ts';
import type { Run } from './run.ts';
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

/** What a person does with a device; the rest happens to it. */
const USED = new Set<ActionName>(
  (Object.keys(ACTIONS) as ActionName[]).filter(
    (name) => !/^(burst|cut|o|sleep|wake|clock|grow|shrink|kill|start)/.test(name) || name === 'open',
  ),
);

interface Scene {
  run: Run;
  device: Device;
  step: Step;
  /** The conversation. */
  id: string;
  /** `what` as an index below a limit. */
  index(limit: number): number;
  one<T>(from: readonly T[]): T | undefined;
}

/** Does what a step says, as far as it makes sense now. Nothing is waited for. */
export const act = (run: Run, step: Step): void => {
  const device = run.devices[step.device];
  const id = run.conversations[Math.floor(step.where * run.conversations.length)];
  if (!device || !id) return;
  // Nobody uses a device whose lid is closed.
  if (device.asleep && USED.has(step.action)) return;
  const scene: Scene = {
    run,
    device,
    step,
    id,
    index: (limit) => below(() => step.what, limit),
    one: (from) => pick(() => step.what, from),
  };
  DO[step.action](scene);
};

/** A call of the API that the engine has no part in. */
const call = <T>({ run, device, step }: Scene, work: () => Promise<T>): Promise<T | null> =>
  run.network.call(device.machine, step.action, work).catch(() => null);

const timeline = ({ device, id }: Scene) => device.state.timelines.get(id);
const headSeq = ({ device, id }: Scene) => device.state.inbox.get(id)?.conversation.headSeq ?? 0;
/** What is asked for is shown by its outcome; a refusal is told to the person. */
const shown = (done: Promise<unknown>) => {
  done.catch((error) => {
    if (!(error instanceof LockstepError)) throw error;
  });
};

const own = (scene: Scene) =>
  timeline(scene)?.messages.filter((m) => m.senderId === scene.device.userId && m.body !== null) ?? [];

const members = async ({ run, id }: Scene): Promise<string[]> => {
  const { rows } = await run.core.db.pool.query<{ user_id: string }>(
    'select user_id from member where conversation_id = $1 and left_rev is null order by user_id',
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

const DO: Record<ActionName, (scene: Scene) => unknown> = {
  send: ({ run, device, id }) => device.send(id, `text ${run.next()}`),
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
    const { run, device, id } = scene;
    const target = scene.one(own(scene));
    if (target) shown(device.engine.edit(id, target.seq, `edit ${run.next()}`));
  },
  recall: (scene) => {
    const { device, id } = scene;
    // Now and then somebody else's: owners may.
    const all = timeline(scene)?.messages.filter((m) => m.body !== null) ?? [];
    const target = scene.one(scene.step.what > 0.7 ? all : own(scene));
    if (target) shown(device.engine.recall(id, target.seq));
  },
  read: (scene) =>
    scene.device.engine.markRead(scene.id, Math.ceil(Math.min(1, scene.step.what * 1.5) * headSeq(scene))),
  draft: ({ run, device, id }) => device.type(id, run.next()),
  sendDraft: ({ device, id }) => device.sendDraft(id),
  clearDraft: ({ device, id }) => device.clearDraft(id),
  personal: (scene) => {
    const { device, id } = scene;
    const change = scene.one(PERSONAL);
    if (change) device.engine.setPersonal(id, change);
  },
  place: (scene) =>
    scene.device.engine.setPlace(scene.id, scene.step.what < 0.2 ? null : scene.index(headSeq(scene) + 1)),
  open: ({ device, id }) => void device.engine.open(id),
  loadBefore: ({ device, id }) => void device.engine.loadBefore(id),
  loadAfter: ({ device, id }) => void device.engine.loadAfter(id),
  loadAround: (scene) =>
    void scene.device.engine.loadAround(scene.id, 1 + scene.index(Math.max(1, headSeq(scene)))),
  jumpToNewest: ({ device, id }) => void device.engine.jumpToNewest(id),
  cut: ({ run, device }) => run.network.cut(device.machine),
  offline: ({ device, step }) => device.offline(step.what < 0.5),
  online: ({ device }) => device.online(),
  sleep: ({ device }) => device.sleep(),
  wake: ({ device }) => device.wake(),
  clock: ({ device, step }) => device.machine.clock.skew(Math.round((step.what - 0.5) * 10 * HOUR)),
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
    const { run, device, id } = scene;
    void call(scene, () =>
      actions.joinChannel(actorOf(device.userId), run.core, { conversationId: id }),
    ).then((entry) => entry && device.engine.applyEntry(entry));
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
    const { run, device } = scene;
    const userIds = run.people.slice(0, 1 + scene.index(run.people.length));
    void call(scene, async () => {
      const entry = await actions.createGroup(actorOf(device.userId), run.core, {
        title: `group ${run.next()}`,
        userIds,
      });
      run.conversations.push(entry.conversation.id);
      run.owners.set(entry.conversation.id, device.userId);
      return entry;
    }).then((entry) => entry && device.engine.applyEntry(entry));
  },
  grow: (scene) => void scene.run.outside(() => crowd(scene, 'grow')),
  shrink: (scene) => void scene.run.outside(() => crowd(scene, 'shrink')),
  killWorker: ({ run, step }) => run.plan.mode !== 'calm' && run.worker.kill(step.what < 0.7),
  startWorker: ({ run }) => void run.worker.sweep(),
  killServer: ({ run }) => run.network.crash(),
  startServer: ({ run }) => {
    run.network.up = true;
  },
};
