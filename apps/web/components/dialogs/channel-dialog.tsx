'use client';

import { commands, isVisibleName, LIMITS, type Visibility } from '@lockstep/protocol';
import { Globe, Lock } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { Choice } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import { Textarea } from '../ui/input.tsx';
import { FormDialog, LineField } from './form-dialog.tsx';
import { useAction } from './use-action.ts';
import { useOpened } from './use-opened.ts';

export function ChannelDialog() {
  const t = useTranslations('shell');
  const opened = useOpened();
  const { busy, error, run } = useAction();
  const [title, setTitle] = useState('');
  const [topic, setTopic] = useState('');
  const [visibility, setVisibility] = useState<Visibility>('public');
  const [tried, setTried] = useState(false);
  const topicOrNull = isVisibleName(topic) ? topic : null;
  const titleInvalid = tried && !commands.title.safeParse(title).success;
  const topicInvalid = tried && topicOrNull !== null && !commands.topic.safeParse(topicOrNull).success;

  const create = () => {
    setTried(true);
    const input = { title, topic: topicOrNull, visibility, userIds: [] };
    if (!commands.createChannel.safeParse(input).success) return;
    void run(async () => opened(await api.conversations.createChannel.mutate(input)));
  };

  return (
    <FormDialog
      title={t('newChannel')}
      action={t('createChannel')}
      busy={busy}
      error={error}
      onSubmit={create}
    >
      <LineField
        label={t('channelTitle')}
        error={titleInvalid && t('titleInvalid', { max: LIMITS.conversationTitle })}
        value={title}
        max={LIMITS.conversationTitle}
        placeholder={t('channelTitlePlaceholder')}
        onChange={setTitle}
      />
      <Field
        label={t('channelTopic')}
        hint={t('channelTopicHint')}
        error={topicInvalid ? t('topicInvalid', { max: LIMITS.conversationTopic }) : undefined}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={2}
            value={topic}
            maxLength={LIMITS.conversationTopic * 2}
            onChange={(event) => setTopic(event.target.value)}
          />
        )}
      </Field>
      <div className="flex flex-col gap-1.5">
        <span className="font-medium text-sm">{t('channelVisibility')}</span>
        <Choice
          label={t('channelVisibility')}
          value={visibility}
          onChange={setVisibility}
          options={[
            { value: 'public', title: t('visibilityPublic'), text: t('visibilityPublicText'), icon: Globe },
            {
              value: 'private',
              title: t('visibilityPrivate'),
              text: t('visibilityPrivateText'),
              icon: Lock,
            },
          ]}
        />
      </div>
    </FormDialog>
  );
}
