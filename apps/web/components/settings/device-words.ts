import type { Device } from '@lockstep/protocol';
import { AppWindow, Laptop, type LucideIcon, Smartphone, Tablet } from 'lucide-react';

/** A minute in which relative times would only say "0 seconds". */
const JUST_NOW_MS = 60_000;

/** By the system, as the user agent names it. */
export const iconOf = ({ system }: Pick<Device, 'system'>): LucideIcon => {
  if (!system) return AppWindow;
  if (/ipad|tablet/i.test(system)) return Tablet;
  return /android|ios|iphone/i.test(system) ? Smartphone : Laptop;
};

/** This one first, then those that are open, then by when they were last active. */
export const inOrder = (devices: readonly Device[]): Device[] =>
  [...devices].sort(
    (a, b) =>
      Number(b.current) - Number(a.current) ||
      Number(b.online) - Number(a.online) ||
      b.lastActiveAt - a.lastActiveAt ||
      (a.id < b.id ? -1 : 1),
  );

/** How many changes of the inbox it has not applied yet; never below 0, though its `pos` may be newer than the list. */
export const behind = ({ pos }: Pick<Device, 'pos'>, headPos: number): number => Math.max(0, headPos - pos);

export const isJustNow = (at: number, now: number): boolean => now - at < JUST_NOW_MS;
