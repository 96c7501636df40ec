'use client';

import { CornerDownLeft, SendHorizontal } from 'lucide-react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useModifier } from '@/lib/use-modifier.ts';
import { useEnterChoice } from '../conversation/composer/use-enter-choice.ts';
import { Choice } from '../ui/choice.tsx';

/** What Enter does in the composer, on this device. Until chosen it sends, or makes a line where one writes by touch. */
export function WritingSection() {
  const t = useTranslations('settings.writing');
  const { choice, touch, choose } = useEnterChoice();
  const command = useModifier();
  const now = choice === 'auto' ? (touch ? 'line' : 'send') : choice;
  return (
    <>
      <p className="mb-4 text-pretty text-ink-muted">{t('text')}</p>
      <Choice
        label={t('enter')}
        value={now}
        onChange={choose}
        options={[
          { value: 'send', title: t('send'), text: t('sendText'), icon: SendHorizontal },
          {
            value: 'line',
            title: t('line'),
            text: t('lineText', { command: command.trim() }),
            icon: CornerDownLeft,
          },
        ]}
      />
    </>
  );
}
