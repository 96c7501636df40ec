import type { Me } from '@lockstep/protocol';

/**
 * Who is signed in on this browser, kept beside the cookie (which no script can read) so that the app can start
 * without asking the server. All tabs share it; removing it tells them of a sign-out.
 */
const KEY = 'lockstep.account';

export const readAccount = (): Me | null => {
  try {
    const me = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Me | null;
    return typeof me?.id === 'string' && typeof me.name === 'string' ? me : null;
  } catch {
    return null; // storage is forbidden, or the text is not ours: the server is asked
  }
};

export const keepAccount = (me: Me): void => {
  try {
    localStorage.setItem(KEY, JSON.stringify(me));
  } catch {}
};

/** With everything else that this browser keeps for its person; choices such as the theme stay. */
export const forgetAccount = (): void => {
  try {
    for (const key of Object.keys(localStorage))
      if (key.startsWith('lockstep.')) localStorage.removeItem(key);
  } catch {}
};

/** Calls back when another tab signs in, out, or as somebody else; returns a function that stops it. */
export const onAccountChange = (listener: (me: Me | null) => void): (() => void) => {
  const changed = (event: StorageEvent) => {
    if (event.key === KEY || event.key === null) listener(readAccount());
  };
  window.addEventListener('storage', changed);
  return () => window.removeEventListener('storage', changed);
};
