import { appendFileSync } from 'node:fs';

// In the code that tests run for the sake of knowing what they run: writes each block down once, at once, so that a
// process that is killed has said what it ran.

const seen = new Set();

export const hit = (id) => {
  if (seen.has(id)) return;
  seen.add(id);
  if (process.env.LOCKSTEP_HITS) appendFileSync(process.env.LOCKSTEP_HITS, `${id}\n`);
};
