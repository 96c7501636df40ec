import { BUILD_HEADER, shellPath } from '../pwa/paths.ts';
import { bringNewest } from '../pwa/register.ts';
import { isQuiet } from './quiet.ts';

/** Pairs of builds, this page's and the server's, between which this tab was loaded anew already. */
const TRIED = 'lockstep-loaded-anew';
/** A disk that says nothing for that long is not waited for, in ms. */
const DISK_MS = 5_000;
/** A server that says nothing for that long cannot be reached, in ms. */
const ANSWER_MS = 8_000;

type Keep = () => Promise<boolean>;
const keepers = new Set<Keep>();

/** `keep` writes down what is only in memory, and resolves to whether all of it is on disk. Returns what ends it. */
export const keepBeforeLoading = (keep: Keep): (() => void) => {
  keepers.add(keep);
  return () => void keepers.delete(keep);
};

const keepAll = async (): Promise<boolean> => {
  const late = new Promise<boolean[]>((done) => setTimeout(done, DISK_MS, [false]));
  const kept = Promise.all([...keepers].map((keep) => keep().catch(() => false)));
  return (await Promise.race([kept, late])).every(Boolean);
};

/** By somebody's wish: now, with what can be kept. */
export const loadAnew = async (): Promise<void> => {
  await bringNewest();
  await keepAll();
  window.location.reload();
};

/** Why the page is not loaded anew by itself. */
export type NotNow =
  /** Somebody uses it, or has something open. */
  | 'busy'
  /** The server does not answer: there would be no page. */
  | 'unreachable'
  /** It would be the same build again. */
  | 'same'
  /** It was, and the build before came again. */
  | 'tried'
  /** Not everything would be there afterwards. */
  | 'unkept';

/** Loads the page anew where that helps, takes nothing from anybody, and was not tried before; says why where not. */
export const tryLoadAnew = async (): Promise<NotNow> => {
  if (!isQuiet()) return 'busy';
  const own = document.documentElement.dataset.build ?? '';
  const server = await buildOfServer();
  if (server === null) return 'unreachable';
  if (server === own) return 'same';
  const pair = `${own} ${server}`;
  if (tried().includes(pair)) return 'tried';
  await bringNewest();
  if (!(await keepAll())) return 'unkept';
  if (!isQuiet()) return 'busy';
  if (!note(pair)) return 'tried';
  window.location.reload();
  return new Promise(() => {});
};

/** Of the pages that the server has now; null when it does not answer with one. */
const buildOfServer = async (): Promise<string | null> => {
  const signal = AbortSignal.timeout(ANSWER_MS);
  const path = shellPath(document.documentElement.lang);
  const answer = await fetch(path, { cache: 'no-store', credentials: 'omit', signal }).catch(() => null);
  void answer?.body?.cancel();
  return answer?.ok ? answer.headers.get(BUILD_HEADER) : null;
};

const tried = (): string[] => {
  try {
    return JSON.parse(sessionStorage.getItem(TRIED) ?? '[]') as string[];
  } catch {
    return [];
  }
};

/** False where it cannot be remembered: then a loop could not be told from an update. */
const note = (pair: string): boolean => {
  try {
    sessionStorage.setItem(TRIED, JSON.stringify([...tried().slice(-9), pair]));
    return true;
  } catch {
    return false;
  }
};
