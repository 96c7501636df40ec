import { actions, queries } from '@lockstep/core';
import { act, type Handlers } from './types.ts';

export const search: Handlers['search'] = {
  messages: act(queries.searchMessages),
  facets: act(queries.searchFacets),
  count: act(queries.countSearch),
};

export const searches: Handlers['searches'] = {
  list: act(queries.listSearches),
  note: act(actions.noteSearch),
  forget: act(actions.forgetSearch),
  save: act(actions.saveSearch),
  unsave: act(actions.unsaveSearch),
};
