import { actions, queries } from '@lockstep/core';
import { limitKey } from '../address.ts';
import { guarded } from '../sign-in-guard.ts';
import { act, actFrom, type Handlers } from './types.ts';

export const me: Handlers['me'] = {
  get: act(queries.getMe),
  rename: actFrom(actions.renameMe),
  /** Who has stolen a session must not guess the password with it: limited as sign-ins are. */
  changePassword: ({ actor, core, request }, input) => {
    const guess = {
      email: `password of ${actor.userId}`,
      address: limitKey(request.address),
      device: null,
      isKnownAddress: false,
    };
    return guarded(request, guess, (turn) =>
      actions.changePassword(actor, core, request.device, input, turn),
    );
  },
};

export const people: Handlers['people'] = {
  search: act(queries.searchPeople),
  changes: act(queries.pullPeople),
  get: act(queries.getPeople),
};
