import { actions, queries } from '@lockstep/core';
import { limitKey } from '../address.ts';
import { guarded } from '../sign-in-guard.ts';
import { act, actFrom, type Handlers } from './types.ts';

export const me: Handlers['me'] = {
  get: act(queries.getMe),
  rename: actFrom(actions.renameMe),
  /** Somebody with a stolen session must not be able to guess the password, so it is limited like sign-ins. */
  changePassword: ({ actor, core, request }, input) => {
    const signIn = {
      email: `password of ${actor.userId}`,
      address: limitKey(request.address),
      device: null,
      isKnownAddress: false,
    };
    return guarded(request, signIn, (turn) =>
      actions.changePassword(actor, core, request.device, input, turn),
    );
  },
};

export const people: Handlers['people'] = {
  search: act(queries.searchPeople),
  changes: act(queries.pullPeople),
  get: act(queries.getPeople),
};
