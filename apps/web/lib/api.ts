import { createApi } from '@lockstep/sync/api';
import { heardVersion } from './update/update.ts';

/**
 * The API for what the sync engine does not do: people, directory, members, settings, signing in; typed by the contract.
 * One request a call: nothing waits for a slower call beside it. Waits as long as the server takes, since some calls of
 * admins read everything.
 */
export const api = createApi({ url: '', timeoutMs: null, onVersion: heardVersion });
