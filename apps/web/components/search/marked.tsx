import { Fragment } from 'react';
import { breakable } from '@/lib/breakable.tsx';
import type { Mark } from '@/lib/search/excerpt.ts';

interface MarkedProps {
  text: string;
  marks: readonly Mark[];
  /** What stands between the marks, as it is shown. */
  plain?: (text: string) => string;
}

/** A text with what was found in it marked. */
export function Marked({ text, marks, plain = (part) => part }: MarkedProps) {
  let at = 0;
  const parts = marks.map(([from, to]) => {
    const before = text.slice(at, from);
    at = to;
    return (
      <Fragment key={from}>
        {breakable(plain(before))}
        <mark className="rounded-[0.1875rem] bg-mention px-px font-medium text-mention-ink">
          {text.slice(from, to)}
        </mark>
      </Fragment>
    );
  });
  return (
    <>
      {parts}
      {breakable(plain(text.slice(at)))}
    </>
  );
}
