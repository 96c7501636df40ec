'use client';

import { hasText, type Message } from '@lockstep/protocol';
import { useEffect, useRef, useState } from 'react';
import { useNameOf, withNames } from '@/components/people/mention-names.ts';
import { useTranslations } from '@/i18n/use-translations.ts';
import { isolated } from '@/lib/isolated.ts';
import { previewOf } from '@/lib/reading.ts';

/** How much of a message is read aloud, in UTF-16 units. */
const EXCERPT = 160;

/** Announces to screen readers what others have written since the conversation was opened: "Ann: see you there". */
export const Announcer = ({ messages, meId }: { messages: readonly Message[]; meId: string }) => {
  const t = useTranslations('conversation.timeline');
  const nameOf = useNameOf();
  const known = useRef<number | null>(null);
  const [spoken, setSpoken] = useState<{ key: string; text: string }[]>([]);
  useEffect(() => {
    const newest = messages[messages.length - 1]?.seq;
    if (newest === undefined) return;
    const before = known.current;
    known.current = Math.max(before ?? 0, newest);
    if (before === null || newest <= before) return;
    const fresh = messages
      .slice(-20)
      .filter(hasText)
      .filter((m) => m.seq > before && m.senderId !== meId);
    if (fresh.length === 0) return;
    const lines = fresh.slice(-3).map((m) => ({
      key: `${m.senderId}:${m.clientId}`,
      text: `${isolated(nameOf(m.senderId))}: ${isolated(withNames(previewOf(m.body), nameOf).slice(0, EXCERPT))}`,
    }));
    setSpoken((now) => [...now, ...lines].slice(-3));
  }, [messages, meId, nameOf]);
  return (
    <div role="log" aria-live="polite" aria-relevant="additions" aria-label={t('live')} className="sr-only">
      {spoken.map((line) => (
        <p key={line.key}>{line.text}</p>
      ))}
    </div>
  );
};
