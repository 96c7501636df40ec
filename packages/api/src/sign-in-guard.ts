import { LockstepError } from '@lockstep/protocol';
import { limitKey } from './address.ts';
import type { ApiContext } from './context.ts';
import type { Attempt, Guess } from './login-throttle.ts';

/**
 * Runs work that checks a password under the throttle: it is checked before queueing, counted when its turn comes,
 * and its outcome is recorded. `work` gets the callback that core calls at its turn.
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

/** The sign-in attempt of a request, with what is known of its address and device. */
export const guessOf = async (ctx: ApiContext, email: string): Promise<Guess> => {
  const address = limitKey(ctx.address);
  const device = ctx.core.knownDevices.idOf(ctx.cookie, email);
  const isAsked = device === null && ctx.throttle?.isCounting(email);
  const known = isAsked ? await ctx.core.sessions.addressesOf(email) : [];
  return { email, address, device, isKnownAddress: known.some((one) => limitKey(one) === address) };
};
