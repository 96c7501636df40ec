import { LockstepError } from '@lockstep/protocol';
import type { SearchesApi } from '@lockstep/sync';
import { api } from '../api.ts';
import { errorOf } from '../error-of.ts';

/** What is remembered of searches, at the server. */
export const searchesApi: SearchesApi = {
  list: () => coded(api.searches.list.query()),
  change: (change) => {
    switch (change.do) {
      case 'note':
        return coded(api.searches.note.mutate({ text: change.text }));
      case 'forget':
        return coded(api.searches.forget.mutate(change.text === undefined ? {} : { text: change.text }));
      case 'save':
        return coded(api.searches.save.mutate({ text: change.text, name: change.name }));
      case 'unsave':
        return coded(api.searches.unsave.mutate({ text: change.text }));
    }
  },
};

/** Rejects as the engine understands it. */
const coded = async <T>(call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (error) {
    const { code, ...data } = errorOf(error);
    throw new LockstepError(code, code, data);
  }
};
