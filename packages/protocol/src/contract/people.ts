import { z } from 'zod';
import { bounded } from '../bounded.ts';
import { changePassword, personName } from '../commands.ts';
import { id, rev } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { me as meShape, peopleChanges, person } from '../person.ts';
import { mutation, query } from './define.ts';
import { limit, typed } from './fields.ts';

export const me = {
  get: query({ access: 'signed-in', output: meShape }),
  rename: mutation({
    access: 'signed-in',
    isIdempotent: true,
    input: z.strictObject({ name: personName }),
    output: meShape,
  }),
  changePassword: mutation({
    access: 'signed-in',
    isIdempotent: false,
    input: changePassword,
    /** How many other sessions ended with it. */
    output: z.strictObject({ devices: z.int().min(0) }),
  }),
};

/** Any signed-in person may see the names of the workspace; never their e-mails. */
export const people = {
  search: query({
    access: 'signed-in',
    input: z.strictObject({
      query: typed,
      limit,
      /** Leaves out who was deactivated: for choosing whom to write to. */
      active: z.boolean().default(false),
    }),
    output: z.array(person),
  }),
  /** What has changed of people after a `rev`. */
  changes: query({
    access: 'signed-in',
    input: z.strictObject({ afterRev: rev.nullable(), limit }),
    output: peopleChanges,
  }),
  /** Ids of nobody are left out. */
  get: query({
    access: 'signed-in',
    input: z.strictObject({ userIds: bounded(z.array(id).max(LIMITS.page)) }),
    output: z.array(person),
  }),
};
