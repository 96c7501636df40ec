import { actions, sessionFromCookie } from '@lockstep/core';
import { limitKey } from '../address.ts';
import { guarded, signInAttemptOf } from '../sign-in-guard.ts';
import type { Handlers } from './types.ts';

export const auth: Handlers['auth'] = {
  signUp: async (request, input) => {
    const { core, device, isLocal } = request;
    const { me, setCookie } = await actions.signUp(core, input, device, limitKey(request.address), isLocal);
    request.setCookie(setCookie);
    request.setCookie(core.knownDevices.remember(request.cookie, me.email));
    return me;
  },

  signIn: async (request, input) => {
    const { core } = request;
    const signIn = await signInAttemptOf(request, input.email);
    const { me, setCookie } = await guarded(request, signIn, (turn) =>
      actions.signIn(core, input, request.device, turn),
    );
    request.setCookie(setCookie);
    request.setCookie(core.knownDevices.remember(request.cookie, me.email));
    return me;
  },

  checkPassword: async ({ core }, { password, ...whose }) => ({
    weakness: await core.passwords.weakness(password, whose),
  }),

  resetPassword: async (request, input) => {
    const { core } = request;
    const address = limitKey(request.address);
    const actor = await sessionFromCookie(core, request.cookie);
    const { userId, email } = await actions.resetPassword(core, input, request.device, address);
    // An admin who tries the link stays signed in.
    if (!actor || actor.userId === userId)
      for (const one of core.sessions.expire(request.cookie)) request.setCookie(one);
    request.setCookie(core.knownDevices.remember(request.cookie, email));
    request.throttle?.clearFailures(email, address);
    return null;
  },

  signOut: async (request) => {
    const { core } = request;
    const actor = await sessionFromCookie(core, request.cookie);
    if (actor) await actions.signOut(actor, core);
    for (const one of core.sessions.expire(request.cookie)) request.setCookie(one);
    return null;
  },
};
