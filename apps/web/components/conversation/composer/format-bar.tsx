'use client';

import { Bold, Code, Italic, Link, List, type LucideIcon, Strikethrough, TextQuote } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { memo } from 'react';
import { IconButton } from '@/components/ui/icon-button.tsx';
import { type Field, insertLink, type Replacement, toggleCode, toggleMark, togglePrefix } from './format.ts';

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

const command = () => (/Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl ');

/** The format that a key asks for, or null: Ctrl or ⌘ with B, I, E or Shift X. */
export const formatOfKey = (event: {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}): Format | null => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const key = event.key.toLowerCase();
  if (event.shiftKey) return key === 'x' ? 'strike' : null;
  return key === 'b' ? 'bold' : key === 'i' ? 'italic' : key === 'e' ? 'code' : null;
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
          {...(key ? { shortcut: command() + key } : {})}
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
