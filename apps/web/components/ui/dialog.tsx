'use client';

import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { createContext, type ReactNode, type RefObject, useContext } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { Button } from './button.tsx';

type ReturnFocus = RefObject<HTMLElement | null>;
const ReturnFocusContext = createContext<ReturnFocus | undefined>(undefined);

interface DialogRootProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Gets the focus back when the dialog closes, unless something else has taken it; then forgotten. */
  returnFocus?: ReturnFocus;
  children?: ReactNode;
}

export const DialogRoot = ({ returnFocus, ...props }: DialogRootProps) => (
  <ReturnFocusContext value={returnFocus}>
    <Primitive.Root {...props} />
  </ReturnFocusContext>
);

export const DialogClose = Primitive.Close;

const overlay =
  'fixed inset-0 z-40 bg-scrim data-[state=closed]:animate-out data-[state=open]:animate-in data-[state=closed]:fade-out-0 data-[state=open]:fade-in-0 duration-160';

interface DialogContentProps {
  title: ReactNode;
  description?: ReactNode;
  /** Buttons at the bottom; on phones they stay in view. */
  footer?: ReactNode;
  className?: string;
  children?: ReactNode;
}

function Header({ title, description }: Pick<DialogContentProps, 'title' | 'description'>) {
  const t = useTranslations('common');
  return (
    <header className={cn('flex gap-3 px-5 pt-4 pb-3', description ? 'items-start' : 'items-center')}>
      <div className={cn('min-w-0 flex-1', description && 'pt-0.5')}>
        <Primitive.Title className="truncate font-semibold text-md">{title}</Primitive.Title>
        {description && (
          <Primitive.Description className="mt-1 text-ink-muted text-sm">{description}</Primitive.Description>
        )}
      </div>
      <Primitive.Close asChild>
        <Button variant="ghost" size="icon-sm" aria-label={t('close')} className="-mr-1.5">
          <X aria-hidden className="size-4" />
        </Button>
      </Primitive.Close>
    </header>
  );
}

/** A dialog in the middle; on phones it fills the screen. */
export function DialogContent({ title, description, footer, className, children }: DialogContentProps) {
  const returnFocus = useContext(ReturnFocusContext);
  return (
    <Primitive.Portal>
      <Primitive.Overlay className={overlay} />
      <Primitive.Content
        {...(description ? {} : { 'aria-describedby': undefined })}
        onOpenAutoFocus={(event) => {
          // The field that is meant to be first, also where a closing menu has just taken the focus away.
          const field = (event.currentTarget as HTMLElement).querySelector<HTMLElement>('[data-autofocus]');
          if (!field) return;
          event.preventDefault();
          field.focus();
        }}
        onCloseAutoFocus={(event) => {
          if (!returnFocus) return;
          event.preventDefault();
          if (document.activeElement === document.body) returnFocus.current?.focus();
          returnFocus.current = null;
        }}
        className={cn(
          'data-[state=closed]:fade-out-0 data-[state=open]:fade-in-0 data-[state=open]:zoom-in-[0.98] data-[state=closed]:zoom-out-[0.98] fixed z-40 flex flex-col bg-raised text-ink shadow-overlay outline-none duration-160 data-[state=closed]:animate-out data-[state=open]:animate-in',
          'max-md:inset-0 max-md:pt-safe max-md:pb-safe',
          'md:-translate-x-1/2 md:top-[12vh] md:left-1/2 md:max-h-[76vh] md:w-[calc(100vw-2rem)] md:max-w-lg md:rounded-lg',
          className,
        )}
      >
        <Header title={title} description={description} />
        <div className="scroll-quiet flex min-h-0 flex-1 flex-col px-5 pt-0.5 pb-5">{children}</div>
        {footer && (
          <footer className="flex items-center justify-end gap-2 border-line border-t px-5 py-3">
            {footer}
          </footer>
        )}
      </Primitive.Content>
    </Primitive.Portal>
  );
}

/** A panel from the right edge; on phones it fills the screen. */
export function SheetContent({
  title,
  description,
  className,
  children,
}: Omit<DialogContentProps, 'footer'>) {
  return (
    <Primitive.Portal>
      <Primitive.Overlay className={overlay} />
      <Primitive.Content
        {...(description ? {} : { 'aria-describedby': undefined })}
        className={cn(
          'data-[state=closed]:slide-out-to-right data-[state=open]:slide-in-from-right fixed inset-y-0 right-0 z-40 flex w-full flex-col bg-raised pt-safe pb-safe text-ink shadow-overlay outline-none duration-200 data-[state=closed]:animate-out data-[state=open]:animate-in md:max-w-sm',
          className,
        )}
      >
        <Header title={title} description={description} />
        <div className="scroll-quiet flex min-h-0 flex-1 flex-col">{children}</div>
      </Primitive.Content>
    </Primitive.Portal>
  );
}
