import { NextIntlClientProvider } from 'next-intl';
import { createElement } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { renderMarkdown } from '../../components/conversation/markdown/markdown.tsx';
import conversation from '../../messages/en/conversation.json';

/**
 * Draws one text in the page as a message, or `plain` as one paragraph, and takes it away again. Returns the time from
 * the text to the end of its layout in ms, and how many characters are to be seen. Bundled by `npm run bench -- render`.
 */
export const draw = (text: string, plain: boolean): { ms: number; shown: number } => {
  const place = document.createElement('div');
  document.body.append(place);
  const root = createRoot(place);
  const started = performance.now();
  const children = plain ? createElement('p', null, text) : renderMarkdown(text);
  flushSync(() =>
    root.render(
      createElement(NextIntlClientProvider, {
        locale: 'en',
        messages: { conversation },
        timeZone: 'UTC',
        children,
      }),
    ),
  );
  place.getBoundingClientRect();
  const ms = performance.now() - started;
  const shown = place.textContent.length;
  root.unmount();
  place.remove();
  return { ms, shown };
};
