import { LockstepError } from '@lockstep/protocol';
import { limitKey } from './address.ts';
import type { ApiContext } from './context.ts';
import type { PendingAttempt, SignInAttempt } from './login-throttle.ts';

/**
 * Runs work that checks a password under the throttle: it is checked before queueing, counted when its turn comes,
 * and its outcome is recorded. `work` gets the callback that core calls at its turn.
 */
export const guarded = async <T>(
  { throttle }: Pick<ApiContext, 'throttle'>,
  signIn: SignInAttempt,
  work: (turn: { key: string; onTurn(): void }) => Promise<T>,
): Promise<T> => {
  throttle?.check(signIn);
  let attempt: PendingAttempt | undefined;
  const onTurn = () => {
    attempt = throttle?.begin(signIn);
  };
  try {
    const result = await work({ key: signIn.address, onTurn });
    attempt?.onSuccess();
    return result;
  } catch (error) {
    const code = error instanceof LockstepError ? error.code : null;
    if (code === 'bad_credentials') attempt?.onFailure();
    else if (code === 'deactivated' || code === 'weak_password') attempt?.onSuccess();
    else attempt?.onUnknown();
    throw error;
  }
};

/** The sign-in attempt of a request, with what is known of its address and device. */
export const signInAttemptOf = async (ctx: ApiContext, email: string): Promise<SignInAttempt> => {
  const address = limitKey(ctx.address);
  const device = ctx.core.knownDevices.idOf(ctx.cookie, email);
  const isAsked = device === null && ctx.throttle?.isCounting(email);
  const known = isAsked ? await ctx.core.sessions.addressesOf(email) : [];
  return { email, address, device, isKnownAddress: known.some((one) => limitKey(one) === address) };
};
