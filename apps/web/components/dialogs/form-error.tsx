import { CircleAlert } from 'lucide-react';

/** Why the last attempt failed, at the form it belongs to. */
export const FormError = ({ text }: { text: string | null | undefined }) =>
  text ? (
    <p
      role="alert"
      className="flex items-start gap-2 rounded-md bg-danger-soft px-3 py-2 text-danger-ink text-sm"
    >
      <CircleAlert aria-hidden className="mt-px size-4 shrink-0" />
      <span className="min-w-0 break-words">{text}</span>
    </p>
  ) : null;
