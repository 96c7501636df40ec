import { useMemo } from 'react';
import type { Opening } from './places.ts';
import type { Row } from './rows.ts';
import type { Landing } from './use-scroll.ts';

/** The row that a conversation opens at; null for the end. */
export const useOpenAt = (rows: readonly Row[], opening: Opening): { key: string; place: Landing } | null =>
  useMemo(() => {
    const wanted = opening.at === 'message' || opening.at === 'place' ? opening.seq : null;
    const row = rows.find((each) => (wanted === null ? each.firstNew : each.message?.seq === wanted));
    return row ? { key: row.key, place: opening.at === 'place' ? 'top' : 'upper' } : null;
  }, [rows, opening]);
