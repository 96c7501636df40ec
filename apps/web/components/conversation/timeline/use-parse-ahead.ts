import type { Message } from '@lockstep/protocol';
import { useEffect, useRef } from 'react';
import { parseAhead } from '../markdown/parsed.tsx';

/** Has each page of messages parsed when it is loaded, before it is scrolled to. */
export const useParseAhead = (messages: readonly Message[]): void => {
  const known = useRef<readonly Message[]>([]);
  useEffect(() => {
    const [first = 0, last = 0] = [known.current[0]?.seq, known.current.at(-1)?.seq];
    known.current = messages;
    parseAhead(messages.filter(({ seq }) => seq < first || seq > last).map(({ body }) => body));
  }, [messages]);
};
