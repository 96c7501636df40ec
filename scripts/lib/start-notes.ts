import { networkInterfaces } from 'node:os';
import { firstAdminCodeOf, isLoopbackHost, type Settings } from '@lockstep/core';
import { workspaceStatus } from '@lockstep/db';
import type { WorkspaceStatus } from '@lockstep/protocol';
import pg from 'pg';

/** The address to open, and notes for the operator. */
export interface StartNotes {
  addresses: string[];
  notes: string[];
}

type Where = Pick<Settings, 'HOST' | 'PORT' | 'PUBLIC_URL' | 'publicUrlIsSet' | 'TRUST_PROXY'>;

/** Reads what the workspace is like. `dataDir` is absolute. */
export const readStartNotes = async (
  settings: Settings,
  databaseUrl: string,
  dataDir: string,
): Promise<StartNotes> => {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  try {
    const status = await workspaceStatus({ pool }, settings.SIGN_UP);
    const code = firstAdminCodeOf({ ...settings, DATA_DIR: dataDir });
    return startNotes(settings, status, code, ownAddresses());
  } finally {
    await pool.end();
  }
};

/** `own` are the addresses of this machine. */
export const startNotes = (
  settings: Where,
  { ready, signUp }: WorkspaceStatus,
  code: string,
  own: readonly string[],
): StartNotes => {
  const { HOST, PUBLIC_URL, publicUrlIsSet, TRUST_PROXY } = settings;
  const listensToOthers = !isLoopbackHost(inUrl(HOST));
  const isServed = !isLoopbackHost(new URL(PUBLIC_URL).host);
  const notes: string[] = [];
  if (listensToOthers && signUp === 'open') {
    notes.push(
      `Others can reach this machine (HOST=${HOST}), and sign-up is open: anyone can create an account. ` +
        (ready ? 'An administrator can close it (Invite people).' : 'SIGN_UP=invitation closes it.'),
    );
  }
  if (!ready && (listensToOthers || isServed)) {
    notes.push(
      `The first account becomes the administrator. From another machine it needs this code: ${code}`,
    );
  }
  const isBehindProxy = TRUST_PROXY === 'on';
  if ((listensToOthers || isBehindProxy) && !publicUrlIsSet) {
    notes.push(
      'PUBLIC_URL is not set: only IP addresses and localhost are answered. With a name, or behind a proxy with TLS, ' +
        'set it to the address that people use, such as PUBLIC_URL=https://chat.example.org',
    );
  }
  if (isServed && PUBLIC_URL.startsWith('http:')) {
    notes.push(
      `PUBLIC_URL is without TLS, so passwords can be read on the way. Behind a proxy with TLS it has to be ` +
        `${PUBLIC_URL.replace('http:', 'https:')}, or every page opened there is refused.`,
    );
  }
  return { addresses: addressesOf(settings, own), notes };
};

const addressesOf = ({ HOST, PORT, PUBLIC_URL, publicUrlIsSet }: Where, own: readonly string[]): string[] => {
  if (publicUrlIsSet || isLoopbackHost(inUrl(HOST))) return [PUBLIC_URL];
  const hosts = HOST === '0.0.0.0' || HOST === '::' ? ['localhost', ...own] : [HOST];
  return hosts
    .filter((host) => HOST !== '0.0.0.0' || !host.includes(':'))
    .map((host) => new URL(`http://${inUrl(host)}:${PORT}`).origin);
};

const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** Of this machine as others reach it; without those that hold on one cable only (fe80::). */
const ownAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ internal, address }) => !internal && !address.toLowerCase().startsWith('fe80:'))
    .map(({ address }) => address);
