import { auditKeyOf, type Db } from '@lockstep/db';
import { createSearchIndex, Searcher } from '@lockstep/search';
import type { Logger } from 'pino';
import { createAuth } from './auth.ts';
import type { Core, Publisher } from './context.ts';
import { isFirstAdminCode } from './first-admin.ts';
import { KnownDevices } from './known-devices.ts';
import { Passwords } from './passwords/index.ts';
import { pushInBatches } from './publish-appended.ts';
import { authSecret } from './secret.ts';
import { Sessions } from './session.ts';
import { SessionCookie } from './session-cookie.ts';
import type { Settings } from './settings.ts';

export interface CoreParts {
  db: Db;
  publish: Publisher;
  enqueueConversations: Core['enqueueConversations'];
  settings: Settings;
  log: Logger;
}

export const createCore = ({ db, publish, enqueueConversations, settings, log }: CoreParts): Core => {
  const secret = authSecret(settings);
  db.auditKey = auditKeyOf(secret);
  const cookie = new SessionCookie(secret, settings);
  const auth = createAuth({ db, settings, secret, log });
  return {
    db,
    publish,
    enqueueConversations,
    settings,
    log,
    appended: pushInBatches(publish),
    auth,
    isFirstAdminCode: (code) => isFirstAdminCode(secret, code),
    passwords: new Passwords(auth),
    knownDevices: new KnownDevices(secret, cookie),
    sessions: new Sessions(db, secret, cookie),
    search: new Searcher(db, createSearchIndex(db, settings)),
  };
};

/** For scripts and tests without sockets: pushes are dropped, and devices pull (rule 9). */
export const silentPublisher: Publisher = {
  changes: () => {},
  inbox: () => {},
  receipt: () => {},
  people: () => {},
  searches: () => {},
  joined: () => {},
  left: () => {},
  ended: () => {},
  connected: async () => new Set(),
};
