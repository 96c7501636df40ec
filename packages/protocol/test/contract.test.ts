import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CLIENT_EVENTS, contract, procedures, SERVER_EVENTS } from '../src/contract/index.ts';

const entries = [...procedures];

describe('the contract', () => {
  it('has every entry under its name, once', () => {
    const families = Object.values(contract).map((family) => Object.keys(family).length);
    expect(entries.length).toBe(families.reduce((sum, size) => sum + size, 0));
    expect(procedures.get('messages.send')).toBe(contract.messages.send);
  });

  it.each(entries)('%s refuses an input with a key that it does not know', (name, { input }) => {
    if (!input) return expect(name).toMatch(/\.(get|list|exports|status|signOut|revokeOthers)$/);
    const { error } = input.safeParse({ unknownKey: 1 });
    expect(error?.issues).toContainEqual(
      expect.objectContaining({ code: 'unrecognized_keys', keys: ['unknownKey'] }),
    );
  });

  it.each(Object.entries(CLIENT_EVENTS))('nor does the event %s', (_, { input }) => {
    const { error } = input.safeParse({ unknownKey: 1 });
    expect(error?.issues).toContainEqual(expect.objectContaining({ code: 'unrecognized_keys' }));
  });

  it.each(entries)(
    '%s: who needs no session is counted by address, everybody else by account',
    (_, entry) => {
      const byAddress = ['public', 'signUp', 'passwordCheck'].includes(entry.cost);
      expect(byAddress).toBe(entry.access === 'anyone');
    },
  );

  it('a query is idempotent, and needs no body', () => {
    for (const [name, { kind, isIdempotent, access }] of entries) {
      if (kind === 'query') expect(isIdempotent, name).toBe(true);
      if (kind === 'query' && access === 'anyone') expect(name).toBe('workspace.status');
    }
  });

  it('says only what can be said as JSON', () => {
    // Also what a public HTTP API would be made from.
    for (const [name, { output }] of entries)
      if (!(output instanceof z.ZodVoid))
        expect(z.toJSONSchema(output, { io: 'input' }), name).toBeTypeOf('object');
    for (const [name, payload] of Object.entries(SERVER_EVENTS))
      if (!(payload instanceof z.ZodUndefined))
        expect(z.toJSONSchema(payload, { io: 'input' }), name).toBeTypeOf('object');
  });
});
