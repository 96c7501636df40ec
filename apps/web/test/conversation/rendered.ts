import { NextIntlClientProvider } from 'next-intl';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { renderMarkdown } from '../../components/conversation/markdown/markdown.tsx';
import conversation from '../../messages/en/conversation.json';

/** The markup of a message, without the names of people. */
export const rendered = (text: string): string =>
  renderToStaticMarkup(
    createElement(NextIntlClientProvider, {
      locale: 'en',
      messages: { conversation },
      timeZone: 'UTC',
      // biome-ignore lint/correctness/noChildrenProp: a .ts file has no other way
      children: renderMarkdown(text),
    }),
  );

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" };

/** The text in it, as it would be read, without what lies between blocks. */
export const textIn = (markup: string): string =>
  markup
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|#x27);/g, (_, name: string) => ENTITIES[name] ?? '');
