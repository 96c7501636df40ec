import { Compass } from 'lucide-react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

export function NotFoundNotice() {
  const t = useTranslations('common');
  return (
    <Notice icon={Compass} title={t('notFoundTitle')} text={t('notFoundText')}>
      <Button asChild variant="primary">
        <a href="/">{t('backHome')}</a>
      </Button>
    </Notice>
  );
}
