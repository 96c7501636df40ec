import type { Report } from './messages.ts';

/**
 * `agree`: its digest equals the server's (rule 12). `moving`: not yet, for a known reason. `differ`: without a
 * reason for a while.
 */
export type DeviceVerdict = 'agree' | 'moving' | 'differ';

/** How long an idle online device may take to agree, in ms. */
export const GRACE_MS = 5_000;

/** `differsFor`: since when it was last seen to agree, in ms. */
export const verdictOf = (
  report: Report | null,
  server: string | null,
  differsFor: number,
): DeviceVerdict => {
  if (!report || server === null) return 'moving';
  const { inspection, mode } = report;
  const { pending, caughtUp, connection } = inspection;
  const underWay = pending > 0 || !caughtUp;
  if (inspection.digest.overall === server && !underWay) return 'agree';
  const excused = underWay || mode !== 'online' || connection !== 'online';
  return excused || differsFor < GRACE_MS ? 'moving' : 'differ';
};

/** Of all devices together: the worst of them. */
export const overallVerdict = (verdicts: readonly DeviceVerdict[]): DeviceVerdict | null =>
  verdicts.includes('differ')
    ? 'differ'
    : verdicts.includes('moving')
      ? 'moving'
      : verdicts.length > 0
        ? 'agree'
        : null;
