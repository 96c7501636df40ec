import { useLayoutEffect, useState } from 'react';
import type { Row } from './rows.ts';

interface Shown {
  wanted: readonly Row[];
  rows: readonly Row[];
  /** For the virtualiser: this render changed only the start of the list, so keep the distance from its end. */
  shift: boolean;
  /** Grows when the list has nothing in common with the one before: mount a new virtualiser. */
  epoch: number;
}

const endOf = (rows: readonly Row[]) => rows[rows.length - 1]?.key;

/**
 * How to get from the shown rows to the wanted ones. The virtualiser can keep its place while rows are put or taken at
 * one end at a time, so a change at both ends (a page of history and a new message at once) is taken in two steps.
 */
export const step = (shown: Shown, wanted: readonly Row[]): Shown => {
  const { rows, epoch } = shown;
  const first = rows[0];
  if (rows === wanted) return { ...shown, wanted };
  if (!first || wanted.length === 0) return { wanted, rows: wanted, shift: false, epoch: epoch + 1 };
  const added = wanted.findIndex((row) => row.key === first.key);
  if (added === 0) return { wanted, rows: wanted, shift: false, epoch };
  const dropped = added < 0 ? rows.findIndex((row) => row.key === wanted[0]?.key) : 0;
  if (added < 0 && dropped < 0) return { wanted, rows: wanted, shift: false, epoch: epoch + 1 };
  const sameEnd =
    endOf(rows) === endOf(wanted) && wanted.length === rows.length + (added > 0 ? added : -dropped);
  const startOnly = added > 0 ? [...wanted.slice(0, added), ...rows] : rows.slice(dropped);
  return { wanted, rows: sameEnd ? wanted : startOnly, shift: true, epoch };
};

/** The rows to show now, and whether the start of the list has moved under them. */
export const useAnchoredRows = (wanted: readonly Row[]): Shown => {
  const [state, setState] = useState<Shown>({ wanted, rows: wanted, shift: false, epoch: 0 });
  let shown = state;
  if (state.wanted !== wanted) {
    shown = step(state, wanted);
    setState(shown);
  }
  useLayoutEffect(() => {
    if (shown.rows !== shown.wanted) setState((now) => (now === shown ? step(now, now.wanted) : now));
  }, [shown]);
  return shown;
};
