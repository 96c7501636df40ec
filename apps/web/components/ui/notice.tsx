import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

interface NoticeProps {
  icon: LucideIcon;
  title: string;
  text: string;
  children?: ReactNode;
}

/** A page, or a pane, that has only this to say. */
export const Notice = ({ icon: Icon, title, text, children }: NoticeProps) => (
  <div className="flex min-h-full flex-1 flex-col items-center justify-center px-6 py-16 text-center">
    <span className="mb-4 flex size-12 items-center justify-center rounded-lg bg-accent-soft text-accent-ink">
      <Icon aria-hidden className="size-6" />
    </span>
    <h1 className="text-balance font-semibold text-lg">{title}</h1>
    <p className="mt-1.5 max-w-sm text-balance text-ink-muted">{text}</p>
    {children && <div className="mt-5 flex gap-2">{children}</div>}
  </div>
);
