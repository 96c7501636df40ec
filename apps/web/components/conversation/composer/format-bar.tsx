'use client';

import { Bold, Code, Italic, Link, List, type LucideIcon, Strikethrough, TextQuote } from 'lucide-react';
import { memo } from 'react';
import { IconButton } from '@/components/ui/icon-button.tsx';
import { useTranslations } from '@/i18n/use-translations.ts';
import { commandName, hasCommand, type Key, letterOf } from '@/lib/keyboard.ts';
import type { Field, Replacement } from './field.ts';
import { insertLink, toggleCode, togglePrefix } from './format.ts';
import { toggleMark } from './toggle-mark.ts';

type Format = 'bold' | 'italic' | 'strike' | 'code' | 'link' | 'list' | 'quote';

export const FORMATS: Record<Format, (field: Field) => Replacement> = {
  bold: (field) => toggleMark(field, '**'),
  italic: (field) => toggleMark(field, '_'),
  strike: (field) => toggleMark(field, '~~'),
  code: toggleCode,
  link: insertLink,
  list: (field) => togglePrefix(field, '- '),
  quote: (field) => togglePrefix(field, '> '),
};

const BUTTONS: { format: Format; icon: LucideIcon; key?: string }[] = [
  { format: 'bold', icon: Bold, key: 'B' },
  { format: 'italic', icon: Italic, key: 'I' },
  { format: 'strike', icon: Strikethrough, key: '⇧X' },
  { format: 'link', icon: Link },
  { format: 'list', icon: List },
  { format: 'quote', icon: TextQuote },
  { format: 'code', icon: Code, key: 'E' },
];

/** The format that a key asks for, or null: Ctrl (on a Mac ⌘) with B, I, E or Shift X. */
export const formatOfKey = (event: Key): Format | null => {
  if (!hasCommand(event) || event.altKey) return null;
  const letter = letterOf(event);
  if (event.shiftKey) return letter === 'x' ? 'strike' : null;
  return letter === 'b' ? 'bold' : letter === 'i' ? 'italic' : letter === 'e' ? 'code' : null;
};

interface FormatBarProps {
  onFormat: (change: (field: Field) => Replacement) => void;
}

/** Drawn once: the composer is drawn anew with every key. */
export const FormatBar = memo(function FormatBar({ onFormat }: FormatBarProps) {
  const t = useTranslations('conversation.composer');
  return (
    <div role="toolbar" aria-label={t('formatting')} className="flex items-center">
      {BUTTONS.map(({ format, icon: Icon, key }) => (
        <IconButton
          key={format}
          label={t(format)}
          {...(key ? { shortcut: commandName() + key } : {})}
          side="top"
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onFormat(FORMATS[format])}
          className="max-md:w-10"
        >
          <Icon aria-hidden className="size-4" />
        </IconButton>
      ))}
    </div>
  );
});
