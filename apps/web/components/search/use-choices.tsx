'use client';

import { parseSearch, type SearchHit } from '@lockstep/protocol';
import { namesIn } from '@lockstep/search/device';
import {
  Hash,
  Languages,
  LogOut,
  type LucideIcon,
  MessageCirclePlus,
  MonitorSmartphone,
  Search,
  SunMoon,
  Telescope,
  Users,
} from 'lucide-react';
import { useTheme } from 'next-themes';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { LOCALE_NAMES, setLocale } from '@/i18n/language.ts';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { useDialogs } from '@/lib/dialogs.tsx';
import { useMe } from '@/lib/me.tsx';
import { conversationPath, messagePath, navigate, SEARCH_PATH } from '@/lib/navigation.ts';
import { EMPTY } from '@/lib/search/draft.ts';
import { excerptOf } from '@/lib/search/excerpt.ts';
import { useEngine, useInbox } from '@/lib/sync/index.ts';
import { timeZone } from '@/lib/time-zone.ts';
import { useAskSignOut } from '@/lib/use-sign-out.ts';
import { useAction } from '../dialogs/use-action.ts';
import { useOpened } from '../dialogs/use-opened.ts';
import { ConversationAvatar } from '../inbox/conversation-avatar.tsx';
import { filterEntries } from '../inbox/sections.ts';
import { LookAlikeTag, NameWithMark } from '../people/person-tags.tsx';
import { usePeopleSearch } from '../people/use-people-search.ts';
import { useDistinguishingLabel } from '../people/use-tell-apart.ts';
import { settingsPath } from '../settings/sections.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Marked } from './marked.tsx';
import { useSearch } from './search-provider.tsx';
import { useNames } from './use-names.ts';

const MAX_SHOWN = { conversations: 8, people: 4, messages: 4 } as const;
/** The server is asked this long after the last key, in ms. */
const TYPING_MS = 160;

export interface Choice {
  id: string;
  /** The heading that it stands below: a key of the translations. */
  group: 'conversations' | 'commands' | 'title' | 'people' | 'messages';
  label: ReactNode;
  detail?: ReactNode;
  icon: ReactNode;
  run: () => void;
}

const icon = (Icon: LucideIcon) => (
  <span className="flex size-9 shrink-0 items-center justify-center text-ink-subtle max-md:size-11">
    <Icon aria-hidden className="size-4" />
  </span>
);

/** What the switcher offers for what is typed, best first. */
export const useChoices = (query: string): Choice[] => {
  const t = useTranslations('search');
  const { open } = useSearch();
  const conversations = useConversationChoices(query);
  const commands = useCommands(query);
  const people = useOtherPeople(query);
  const messages = useMessages(query);
  return useMemo(
    () => [
      ...conversations,
      ...commands,
      // Before what the server brings: what is chosen stays where it is.
      {
        id: 'messages',
        group: 'title',
        label: query ? t('searchFor', { query }) : t('open'),
        icon: icon(Search),
        run: () => open({ ...EMPTY, words: query }),
      },
      ...people,
      ...messages,
    ],
    [conversations, commands, people, messages, query, t, open],
  );
};

const useConversationChoices = (query: string): Choice[] => {
  const inbox = useInbox();
  const { conversationName } = useNames();
  return useMemo(() => {
    const name = (id: string) => conversationName(id) ?? '';
    return filterEntries(inbox, query, ({ conversation }) => name(conversation.id).replace(/^#/, ''))
      .slice(0, MAX_SHOWN.conversations)
      .map((entry) => ({
        id: entry.conversation.id,
        group: 'conversations',
        label: name(entry.conversation.id),
        icon: <ConversationAvatar entry={entry} presence={false} />,
        run: () => navigate(conversationPath(entry.conversation.id)),
      }));
  }, [inbox, query, conversationName]);
};

const useCommands = (query: string): Choice[] => {
  const shell = useTranslations('shell');
  const { show } = useDialogs();
  const { setTheme } = useTheme();
  const signOut = useAskSignOut();
  return useMemo(() => {
    const words = query.toLowerCase();
    if (words === '') return [];
    const all: [id: string, label: string, Icon: LucideIcon, run: () => void][] = [
      ['direct', shell('newDirect'), MessageCirclePlus, () => show({ type: 'direct' })],
      ['group', shell('newGroup'), Users, () => show({ type: 'group' })],
      ['channel', shell('newChannel'), Hash, () => show({ type: 'channel' })],
      ['browse', shell('browseChannels'), Telescope, () => show({ type: 'browse' })],
      ['devices', shell('devices'), MonitorSmartphone, () => navigate(settingsPath('devices'))],
    ];
    for (const theme of ['Light', 'Dark', 'System'] as const) {
      const label = `${shell('theme')}: ${shell(`theme${theme}`)}`;
      all.push([`theme${theme}`, label, SunMoon, () => setTheme(theme.toLowerCase())]);
    }
    for (const [locale, name] of Object.entries(LOCALE_NAMES))
      all.push([locale, `${shell('language')}: ${name}`, Languages, () => void setLocale(locale)]);
    all.push(['signOut', shell('signOut'), LogOut, signOut]);
    return all
      .filter(([, label]) => label.toLowerCase().includes(words))
      .map(([id, label, Icon, run]) => ({ id, group: 'commands', label, icon: icon(Icon), run }));
  }, [query, shell, show, setTheme, signOut]);
};

/** People one has no conversation with yet: choosing one makes it. */
const useOtherPeople = (query: string): Choice[] => {
  const t = useTranslations('search');
  const { me } = useMe();
  const inbox = useInbox();
  const opened = useOpened();
  const { run } = useAction({ toastErrors: true });
  const apart = useDistinguishingLabel();
  const { people, answered } = usePeopleSearch(query === '' ? null : query);
  return useMemo(() => {
    if (answered !== query) return [];
    const known = new Set(inbox.flatMap(({ peerId }) => peerId ?? []));
    return people
      .filter(({ id }) => id !== me.id && !known.has(id))
      .slice(0, MAX_SHOWN.people)
      .map((person) => ({ ...person, apart: apart(person) }))
      .map(({ id, name, apart }) => ({
        id: `person-${id}`,
        group: 'people',
        label: apart ? (
          <NameWithMark name={name}>
            <LookAlikeTag />
          </NameWithMark>
        ) : (
          name
        ),
        detail: apart ?? t('writeTo'),
        icon: <Avatar id={id} name={name} />,
        run: () => void run(async () => opened(await api.conversations.openDirect.mutate({ userId: id }))),
      }));
  }, [people, answered, query, inbox, me, t, opened, run, apart]);
};

/** The newest few messages that have what is typed; without the server, of those that this device holds. */
const useMessages = (query: string): Choice[] => {
  const t = useTranslations('search');
  const engine = useEngine();
  const { session } = useSearch();
  const common = useTranslations('common');
  const { personName, conversationNameOf } = useNames();
  const [found, setFound] = useState<{ query: string; hits: readonly SearchHit[] }>({ query: '', hits: [] });
  useEffect(() => {
    if (query === '') return;
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      const ask = { text: query, typing: true, timeZone: timeZone(), limit: MAX_SHOWN.messages };
      try {
        const page = await api.search.messages.query(ask, { signal: abort.signal });
        if (abort.signal.aborted) return;
        engine.applyPeople(page.people);
        setFound({ query, hits: page.hits });
      } catch {
        // What this device holds, then; not beside the search itself, whose question that would end.
        if (abort.signal.aborted || window.location.pathname === SEARCH_PATH) return;
        const names = namesIn(engine.getState());
        void session.local.search(parseSearch(query, { typing: true, names }).query, ({ hits }) => {
          if (!abort.signal.aborted) setFound({ query, hits: hits.slice(0, MAX_SHOWN.messages) });
        });
      }
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [query, engine, session]);
  return useMemo(() => {
    if (found.query !== query) return [];
    return found.hits.map(({ message, marks }) => {
      const { conversationId, seq, senderId, body } = message;
      const name = personName(senderId) ?? common('someone');
      return {
        id: `message-${conversationId}-${seq}`,
        group: 'messages',
        label: <Marked {...excerptOf(body ?? '', marks, (id) => personName(id) ?? common('someone'), 100)} />,
        detail: t('saidIn', { name, place: conversationNameOf(message) ?? t('somewhere') }),
        icon: <Avatar id={senderId} name={name} />,
        run: () => navigate(messagePath(conversationId, seq)),
      };
    });
  }, [found, query, personName, conversationNameOf, t, common]);
};
