'use client';

import type { LucideIcon } from 'lucide-react';
import { RadioGroup } from 'radix-ui';
import { cn } from '@/lib/cn.ts';

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  disabled?: boolean;
  options: readonly { value: T; title: string; text: string; icon: LucideIcon }[];
}

/** A few exclusive options that each need a sentence. */
export function Choice<T extends string>({ label, value, onChange, options, disabled }: ChoiceProps<T>) {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      onValueChange={(next) => onChange(next as T)}
      {...(disabled === undefined ? {} : { disabled })}
      className="grid gap-2 sm:grid-cols-2"
    >
      {options.map(({ value: option, title, text, icon: Icon }) => (
        <RadioGroup.Item
          key={option}
          value={option}
          className={cn(
            'flex items-start gap-3 rounded-md border border-line-strong p-3 text-left transition-colors hover:bg-hover disabled:opacity-60',
            'data-[state=checked]:border-accent-ink data-[state=checked]:bg-accent-soft',
          )}
        >
          <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-muted" />
          <span className="min-w-0 flex-1">
            <span className="block font-medium">{title}</span>
            <span className="mt-0.5 block text-ink-muted text-sm">{text}</span>
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
