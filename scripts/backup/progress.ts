import { createProgress, type Progress } from '../import/progress.ts';

/** A progress whose end becomes known later, and is only about right: it never goes past it. */
export const progressOf = (unit: string) => {
  let progress: Progress | null = null;
  let left = 0;
  return {
    start: (total: number) => {
      left = total;
      if (total > 0) progress = createProgress(total, unit);
    },
    advance: (more: number) => {
      const step = Math.min(more, left);
      left -= step;
      if (step > 0) progress?.advance(step);
    },
    stop: () => {
      progress?.stop();
      progress = null;
    },
  };
};

/** The same for rows that are copied. */
export const countedRows = () => {
  const { start, advance, stop } = progressOf('rows');
  return { onStart: start, onRows: advance, stop };
};
