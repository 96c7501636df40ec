import { LockstepError } from '@lockstep/protocol';
import { limitKey } from './address.ts';
import type { ApiContext } from './context.ts';
import type { Attempt, Guess } from './login-throttle.ts';

/**
 * Runs work that checks a password, limited by the throttle: refused before it waits for its turn, counted when its turn
 * comes, and judged by how it ends. `work` gets what core calls in its turn.
 */
export const guarded = async <T>(
  { throttle }: Pick<ApiContext, 'throttle'>,
  guess: Guess,
  work: (turn: { key: string; onTurn(): void }) => Promise<T>,
): Promise<T> => {
  throttle?.check(guess);
  let attempt: Attempt | undefined;
  const onTurn = () => {
    attempt = throttle?.begin(guess);
  };
  try {
    const result = await work({ key: guess.address, onTurn });
    attempt?.right();
    return result;
  } catch (error) {
    const code = error instanceof LockstepError ? error.code : null;
    if (code === 'bad_credentials') attempt?.wrong();
    else if (code === 'deactivated' || code === 'weak_password') attempt?.right();
    else attempt?.unknown();
    throw error;
  }
};

/** Who wants to sign in: by address, and by what is known of it and of the device. */
export const guessOf = async (ctx: ApiContext, email: string): Promise<Guess> => {
  const address = limitKey(ctx.address);
  const device = ctx.core.knownDevices.idOf(ctx.cookie, email);
  const isAsked = device === null && ctx.throttle?.isCounting(email);
  const known = isAsked ? await ctx.core.sessions.addressesOf(email) : [];
  return { email, address, device, isKnownAddress: known.some((one) => limitKey(one) === address) };
};
