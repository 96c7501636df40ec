/** How often it is looked whether the device is in another zone, in ms. */
const CHECK_EVERY_MS = 5_000;

const ask = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

let zone = ask();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

const check = (): void => {
  const next = ask();
  if (next === zone) return;
  zone = next;
  for (const listener of listeners) listener();
};

/** Of this device, such as `Europe/Berlin`; at most some seconds old while somebody watches it. */
export const timeZone = (): string => {
  if (listeners.size === 0) zone = ask();
  return zone;
};

/** Calls back when the device has come to another zone, as on a journey. Returns what ends it. */
export const watchTimeZone = (listener: () => void): (() => void) => {
  listeners.add(listener);
  if (listeners.size === 1) {
    timer = setInterval(check, CHECK_EVERY_MS);
    window.addEventListener('focus', check);
    document.addEventListener('visibilitychange', check);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    window.removeEventListener('focus', check);
    document.removeEventListener('visibilitychange', check);
  };
};
