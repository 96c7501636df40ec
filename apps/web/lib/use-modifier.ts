'use client';

import { useSyncExternalStore } from 'react';
import { commandName } from './keyboard.ts';

const never = () => () => {};

/** "⌘" on Apple's systems, "Ctrl " elsewhere. */
export const useModifier = (): string => useSyncExternalStore(never, commandName, () => 'Ctrl ');
