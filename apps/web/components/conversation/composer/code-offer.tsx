'use client';

import { useTranslations } from '@/i18n/use-translations.ts';

interface CodeOfferProps {
  onAccept: () => void;
  onDismiss: () => void;
}

/** What was pasted looks like code: it can be put between fences, and stays as it is otherwise. */
export const CodeOffer = ({ onAccept, onDismiss }: CodeOfferProps) => {
  const t = useTranslations('conversation.composer');
  const button = 'rounded-sm font-medium text-accent-ink hover:underline max-md:min-h-10 max-md:px-2';
  return (
    <p
      role="status"
      data-testid="code-offer"
      className="flex items-center gap-3 px-1 pt-1.5 text-ink-muted text-xs"
    >
      {t('looksLikeCode')}
      <button
        type="button"
        className={button}
        onPointerDown={(event) => event.preventDefault()}
        onClick={onAccept}
      >
        {t('asCode')}
      </button>
      <button
        type="button"
        className={button}
        onPointerDown={(event) => event.preventDefault()}
        onClick={onDismiss}
      >
        {t('asText')}
      </button>
    </p>
  );
};
