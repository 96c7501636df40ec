import type { SearchReach } from '@lockstep/protocol';

/** What is said of how far an answer reaches (a key of the translations of search); null where it reaches everything. */
export const reachNote = ({ complete, away, cut }: SearchReach) => {
  if (cut) return 'cutShort';
  if (complete) return away ? 'indexAway' : null;
  return away ? 'indexAwayIncomplete' : 'incomplete';
};
