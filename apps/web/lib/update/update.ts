import { PROTOCOL_VERSION } from '@lockstep/protocol';
import { useSyncExternalStore } from 'react';

/** What this page knows of builds other than its own. */
export interface Update {
  /** Protocol version that the server has said last; null before its first answer. */
  readonly serverVersion: number | null;
  /** The versions of server and page go together. */
  readonly isServed: boolean;
  /** A file of this build could not be loaded. */
  readonly isFileMissing: boolean;
  /** The service worker holds a newer build. */
  readonly isReady: boolean;
}

const NOTHING: Update = { serverVersion: null, isServed: true, isFileMissing: false, isReady: false };
let update = NOTHING;
const listeners = new Set<() => void>();

export const noteUpdate = (change: Partial<Update>): void => {
  const keys = Object.keys(change) as (keyof Update)[];
  if (keys.every((key) => update[key] === change[key])) return;
  update = { ...update, ...change };
  for (const listener of listeners) listener();
};

/** For whoever calls the server (`HttpOptions.onVersion`). */
export const heardVersion = (serverVersion: number, isServed: boolean): void =>
  noteUpdate({ serverVersion, isServed });

/** Looks at an error for a part of a build that the server has replaced meanwhile. */
export const noteMissingFile = (error: unknown): void => {
  if (isOfMissingFile(error)) noteUpdate({ isFileMissing: true });
};

export const isOfMissingFile = (error: unknown): boolean => {
  const { name = '', message = '' } = (error ?? {}) as Partial<Error>;
  return /ChunkLoadError|load chunk|dynamically imported module/i.test(`${name} ${message}`);
};

const watch = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const useUpdate = (): Update =>
  useSyncExternalStore(
    watch,
    () => update,
    () => NOTHING,
  );

/** Whether loading the page anew would bring a newer build. */
export const isNewerThere = ({ serverVersion, isServed, isReady }: Update): boolean =>
  isReady || !isServed || (serverVersion ?? 0) > PROTOCOL_VERSION;
