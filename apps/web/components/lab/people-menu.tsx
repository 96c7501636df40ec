'use client';

import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import type { LabDevice } from '@/lib/lab/desk.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/input.tsx';
import { Popover, PopoverContent, PopoverTrigger } from '../ui/popover.tsx';
import { usePeople } from './use-people.ts';

interface PeopleMenuProps {
  full: boolean;
  onPick: (person: LabDevice['person']) => void;
}

/** Whose device the next one is. */
export function PeopleMenu({ full, onPick }: PeopleMenuProps) {
  const t = useTranslations('lab');
  const [open, setOpen] = useState(false);
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button variant="primary" disabled={full} title={full ? t('full') : undefined}>
          <Plus aria-hidden className="size-4" />
          {t('addDevice')}
        </Button>
      </PopoverTrigger>
      <PopoverContent align="end" className="w-72 p-2">
        <People
          onPick={(person) => {
            onPick(person);
            setOpen(false);
          }}
        />
      </PopoverContent>
    </Popover>
  );
}

function People({ onPick }: Pick<PeopleMenuProps, 'onPick'>) {
  const t = useTranslations('lab');
  const [query, setQuery] = useState('');
  const people = usePeople(query);
  return (
    <>
      <Input
        autoFocus
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        placeholder={t('searchPeople')}
        aria-label={t('searchPeople')}
      />
      <ul className="scroll-quiet mt-1 max-h-80">
        {people?.map(({ id, name }) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => onPick({ id, name })}
              className="flex h-10 w-full items-center gap-2.5 rounded-sm px-2 text-left hover:bg-hover"
            >
              <Avatar id={id} name={name} size="sm" />
              <span className="truncate" dir="auto">
                {name}
              </span>
            </button>
          </li>
        ))}
        {people?.length === 0 && <li className="px-2 py-2 text-ink-subtle text-sm">{t('nobody')}</li>}
      </ul>
    </>
  );
}
