'use client';

import { CircleAlert } from 'lucide-react';
import { SendingIcon } from '@/components/ui/sending-icon.tsx';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useConversationTools } from '../context.tsx';
import type { Unsent } from '../timeline/rows.ts';

/** In the column at the right, which is always there, so that nothing moves when it goes. */
export const StatusIcon = ({ state }: { state: Unsent['state'] }) => {
  const t = useTranslations('conversation.message');
  if (state === 'failed') {
    return <CircleAlert aria-hidden className="size-4 text-danger-ink" />;
  }
  return (
    <span title={t('sending')}>
      <SendingIcon />
    </span>
  );
};

/** Why it was not sent, and what can be done. */
export const FailedNote = ({ unsent }: { unsent: Unsent }) => {
  const t = useTranslations('conversation.message');
  const errors = useTranslations('errors');
  const { actions } = useConversationTools();
  const reason =
    unsent.error && errors.has(unsent.error as 'internal') ? errors(unsent.error as 'internal') : '';
  const button = 'rounded-sm font-medium underline-offset-2 hover:underline max-md:min-h-11 max-md:px-2';
  return (
    <p role="alert" className="mt-0.5 flex flex-wrap items-center gap-x-3 text-danger-ink text-sm">
      <span>
        {t('failed')} {reason}
      </span>
      <span className="flex gap-3 max-md:-ml-2">
        <button
          type="button"
          className={`${button} text-accent-ink`}
          onClick={() => actions.retry(unsent.clientId)}
        >
          {t('tryAgain')}
        </button>
        <button
          type="button"
          className={`${button} text-ink-muted`}
          onClick={() => actions.discard(unsent.clientId)}
        >
          {t('delete')}
        </button>
      </span>
    </p>
  );
};
