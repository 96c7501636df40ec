import type { FormEventHandler, ReactNode } from 'react';
import { FormError } from '../dialogs/form-error.tsx';
import { Button } from '../ui/button.tsx';

interface AuthFormProps {
  error: string | null | undefined;
  busy: boolean;
  /** Of the button. */
  action: string;
  onSubmit: FormEventHandler<HTMLFormElement>;
  /** The fields. */
  children: ReactNode;
  below?: ReactNode;
}

/** The form of somebody who is not signed in. */
export const AuthForm = ({ error, busy, action, onSubmit, children, below }: AuthFormProps) => (
  // Before the page is live the browser itself would send the form: never with the password in the address.
  <form method="post" noValidate onSubmit={onSubmit} className="flex flex-col gap-4">
    <FormError text={error} />
    {children}
    <Button type="submit" variant="primary" size="lg" busy={busy} className="mt-2 w-full">
      {action}
    </Button>
    {below}
  </form>
);

/** To another such form. */
export const AuthLink = ({ before, href, children }: { before?: string; href: string; children: string }) => (
  <p className="text-center text-ink-muted">
    {before && `${before} `}
    <a href={href} className="font-medium text-accent-ink underline-offset-4 hover:underline">
      {children}
    </a>
  </p>
);
