import { type ErrorCode, type ErrorData, errorCode } from '@lockstep/protocol';

/** The typed error inside whatever a call threw. No answer at all (offline, proxy page) is `unavailable`. */
export const errorOf = (
  error: unknown,
): Pick<ErrorData, 'retryAfterMs' | 'ended' | 'expected' | 'origin' | 'weakness'> & { code: ErrorCode } => {
  const { code, data } = (error ?? {}) as { code?: unknown; data?: Partial<ErrorData> | null };
  const parsed = errorCode.safeParse(data?.code ?? code);
  if (!parsed.success) return { code: 'unavailable' };
  const { retryAfterMs, ended, expected, origin, weakness } = data ?? {};
  return {
    code: parsed.data,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(ended === undefined ? {} : { ended }),
    ...(expected === undefined ? {} : { expected }),
    ...(origin === undefined ? {} : { origin }),
    ...(weakness === undefined ? {} : { weakness }),
  };
};
