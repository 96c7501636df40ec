import { pathToFileURL } from 'node:url';
import { loadSettings } from '@lockstep/core/settings';
import { createDb } from '@lockstep/db';
import { savedPassword } from './demo/accounts.ts';
import { CAST, emailOf, SIGN_INS } from './demo/cast.ts';
import { fill } from './demo/fill.ts';
import { readSettings } from './lib/settings.ts';
import { openWorkspace } from './lib/workspace.ts';

export interface SignIn {
  name: string;
  email: string;
  password: string;
}

/**
 * Fills the workspace of a running or just started product (`npm start -- --demo`) and gives back who can sign in:
 * demo accounts with a password of this installation. Empty when the workspace has other people: it is left alone.
 */
export const fillDemo = async ({
  databaseUrl,
  now,
}: {
  databaseUrl: string;
  url?: string;
  now?: Date;
}): Promise<SignIn[]> => {
  const settings = loadSettings();
  const db = createDb({ connectionString: databaseUrl, poolSize: 4 });
  try {
    const { state, people, conversations, messages } = await fill(db, settings, now);
    if (state === 'foreign') {
      console.log('  This workspace has accounts of its own: the demo was not added.');
      return [];
    }
    if (state === 'filled')
      console.log(`  Demo: ${people} people, ${conversations} conversations, ${messages} messages.`);
    console.log('  These are demo accounts: do not open this workspace to others.');
    const { password } = savedPassword(settings.DATA_DIR);
    return SIGN_INS.map((key) => ({ name: CAST[key], email: emailOf(key), password }));
  } finally {
    await db.close();
  }
};

/** `node --import tsx scripts/demo.ts` fills the database of the settings by itself. */
if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const workspace = await openWorkspace(readSettings());
  try {
    for (const { email, password } of await fillDemo({ databaseUrl: workspace.url }))
      console.log(`  sign in as ${email} with ${password}`);
  } finally {
    await workspace.close();
  }
}
