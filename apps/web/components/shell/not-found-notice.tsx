import { Compass } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '../ui/button.tsx';
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
