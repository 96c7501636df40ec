'use client';

import { useSyncExternalStore } from 'react';

const never = () => () => {};

/** "⌘" on Apple's systems, "Ctrl " elsewhere. */
export const useModifier = (): string =>
  useSyncExternalStore(
    never,
    () => (/Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl '),
    () => 'Ctrl ',
  );
