import { useMemo } from 'react';
import type { Row } from './rows.ts';
import type { Landing } from './use-scroll.ts';
import type { Opening } from './view-positions.ts';

/** The row that a conversation opens at; null for the end. */
export const useOpenAt = (rows: readonly Row[], opening: Opening): { key: string; landing: Landing } | null =>
  useMemo(() => {
    const wanted = opening.at === 'message' || opening.at === 'place' ? opening.seq : null;
    const row = rows.find((each) => (wanted === null ? each.firstNew : each.message?.seq === wanted));
    return row ? { key: row.key, landing: opening.at === 'place' ? 'top' : 'upper' } : null;
  }, [rows, opening]);
