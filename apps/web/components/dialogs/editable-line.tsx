'use client';

import { Pencil } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Input, Textarea } from '../ui/input.tsx';
import { FormError } from './form-error.tsx';
import { useAction } from './use-action.ts';

interface EditableLineProps {
  /** Accessible name of the field and of the button that opens it. */
  label: string;
  value: string;
  /** How it looks while it is not edited. */
  children: ReactNode;
  mayEdit: boolean;
  multiline?: boolean;
  maxLength: number;
  /** Why this text cannot be saved; null when it can. */
  validate: (value: string) => string | null;
  onSave: (value: string) => Promise<unknown>;
}

/** A text that turns into a field in its place. Enter saves, Escape gives up. */
export function EditableLine(props: EditableLineProps) {
  const { label, value, children, mayEdit, multiline, maxLength, validate, onSave } = props;
  const common = useTranslations('common');
  const id = useId();
  const { busy, error, run } = useAction();
  const [draft, setDraft] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const editing = draft !== null;
  const wasEditing = useRef(editing);
  // The field is gone, and the focus would be too.
  useEffect(() => {
    if (wasEditing.current && !editing) opener.current?.focus();
    wasEditing.current = editing;
  }, [editing]);

  if (draft === null) {
    return (
      <div className="flex min-w-0 items-start gap-1">
        <div className="min-w-0 flex-1">{children}</div>
        {mayEdit && (
          <IconButton
            ref={opener}
            label={label}
            size="icon-sm"
            className="-my-1 -mr-1.5"
            onClick={() => {
              setFault(null);
              setDraft(value);
            }}
          >
            <Pencil aria-hidden className="size-3.5" />
          </IconButton>
        )}
      </div>
    );
  }

  const save = async () => {
    const why = validate(draft);
    setFault(why);
    if (why !== null) return;
    if (draft.trim() === value || (await run(() => onSave(draft)))) setDraft(null);
  };
  const field = {
    id,
    'aria-label': label,
    'aria-invalid': fault !== null || undefined,
    autoFocus: true,
    autoComplete: 'off',
    maxLength: maxLength * 2,
    value: draft,
    onKeyDown: (event: React.KeyboardEvent) => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        setDraft(null);
      } else if (event.key === 'Enter' && !event.shiftKey) {
        event.preventDefault();
        void save();
      }
    },
  };
  return (
    <div className="flex flex-col gap-2">
      <FormError text={fault ?? error} />
      {multiline ? (
        <Textarea {...field} rows={2} onChange={(event) => setDraft(event.target.value)} />
      ) : (
        <Input {...field} onChange={(event) => setDraft(event.target.value)} />
      )}
      <div className="flex justify-end gap-2">
        <Button size="sm" onClick={() => setDraft(null)}>
          {common('cancel')}
        </Button>
        <Button size="sm" variant="primary" busy={busy} onClick={() => void save()}>
          {common('save')}
        </Button>
      </div>
    </div>
  );
}
