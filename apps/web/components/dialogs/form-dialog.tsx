'use client';

import { type ReactNode, useId } from 'react';
import { cn } from '@/lib/cn.ts';
import { Button } from '../ui/button.tsx';
import { DialogContent } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { FormError } from './form-error.tsx';

interface FormDialogProps {
  title: string;
  /** Of the button that sends it. */
  action: string;
  /** Left of the button. */
  beside?: ReactNode;
  busy: boolean;
  /** What the last attempt failed with. */
  error: string | null;
  className?: string;
  /** Of the form inside. */
  formClassName?: string;
  onSubmit: () => void;
  children: ReactNode;
}

/** A dialog that is one form, with its button at the bottom. */
export function FormDialog(props: FormDialogProps) {
  const { title, action, beside, busy, error, className, formClassName, onSubmit, children } = props;
  const id = useId();
  return (
    <DialogContent
      title={title}
      {...(className ? { className } : {})}
      footer={
        <>
          {beside}
          <Button form={id} type="submit" variant="primary" busy={busy}>
            {action}
          </Button>
        </>
      }
    >
      <form
        id={id}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
        className={cn('flex flex-col gap-4', formClassName)}
      >
        <FormError text={error} />
        {children}
      </form>
    </DialogContent>
  );
}

interface LineFieldProps {
  label: string;
  /** Why it is not accepted. */
  error: string | false;
  value: string;
  /** In code points. What is longer can be typed all the same, and is refused with a reason. */
  max: number;
  placeholder?: string;
  autoComplete?: string;
  onChange: (value: string) => void;
}

/** The first field of a form: a name or a title. */
export const LineField = ({ label, error, max, autoComplete = 'off', onChange, ...rest }: LineFieldProps) => (
  <Field label={label} error={error || undefined}>
    {(control) => (
      <Input
        {...control}
        {...rest}
        data-autofocus
        autoComplete={autoComplete}
        maxLength={max * 2}
        onChange={(event) => onChange(event.target.value)}
      />
    )}
  </Field>
);
