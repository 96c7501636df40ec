import { useMedia } from '@/lib/use-media.ts';
import { useStored } from '@/lib/use-stored.ts';
import type { EnterChoice } from './enter.ts';

const KEY = 'enter-key';

/** What Enter does on this device. */
export const useEnterChoice = (): {
  choice: EnterChoice;
  /** Writing by a keyboard on the screen. */
  touch: boolean;
  choose: (choice: EnterChoice) => void;
} => {
  const [stored, choose] = useStored(KEY);
  const touch = useMedia('(pointer: coarse)');
  return { choice: stored === 'send' || stored === 'line' ? stored : 'auto', touch, choose };
};
