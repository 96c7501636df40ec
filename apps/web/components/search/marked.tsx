import { Fragment } from 'react';
import type { Mark } from '@/lib/search/excerpt.ts';

/** A text with what was found in it marked. */
export function Marked({ text, marks }: { text: string; marks: readonly Mark[] }) {
  let at = 0;
  const parts = marks.map(([from, to]) => {
    const before = text.slice(at, from);
    at = to;
    return (
      <Fragment key={from}>
        {before}
        <mark className="rounded-[0.1875rem] bg-mention px-px font-medium text-mention-ink">
          {text.slice(from, to)}
        </mark>
      </Fragment>
    );
  });
  return (
    <>
      {parts}
      {text.slice(at)}
    </>
  );
}
