'use client';

import { useTranslations } from '@/i18n/use-translations.ts';
import type { Desk } from '@/lib/lab/desk.ts';
import { Button } from '../ui/button.tsx';
import { PeopleMenu } from './people-menu.tsx';
import { usePeople } from './use-people.ts';

/** Nobody there yet: what this is, and the shortest ways to begin. */
export function EmptyLab({ desk }: { desk: Desk }) {
  const t = useTranslations('lab');
  const people = usePeople('');
  const [first, second] = people ?? [];
  return (
    <main className="flex flex-1 flex-col items-center justify-center gap-6 px-4 pb-24 text-center">
      <p className="max-w-xl text-balance text-ink-muted text-md">{t('lead')}</p>
      {people?.length === 0 ? (
        <p className="max-w-xl text-ink-subtle">{t('noPeople')}</p>
      ) : (
        <div className="flex gap-2">
          {first && second && (
            <Button
              size="md"
              onClick={() => {
                for (const person of [first, first, first, second]) desk.add(person);
              }}
            >
              {t('lineUp', { first: first.name, second: second.name })}
            </Button>
          )}
          <PeopleMenu full={false} onPick={(person) => desk.add(person)} />
        </div>
      )}
    </main>
  );
}
