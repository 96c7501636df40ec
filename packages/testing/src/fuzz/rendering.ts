import { fileURLToPath } from 'node:url';
import { isVisible } from '@lockstep/protocol';
import { type FuzzTarget, fail } from './target.ts';
import { anyText } from './texts.ts';

interface Input {
  text: string;
}

interface Renderer {
  html(text: string): string;
  textIn(html: string): string;
  /** Tags and attributes that no message may have. */
  faults(html: string): string[];
}

// With JSX, which is only compiled where the settings of apps/web are read: by the thread, and by vitest.
const file = new URL('../../../../apps/web/test/conversation/html.ts', import.meta.url);
let renderer: Renderer;

/** No message brings an element, an attribute or an address of its own into the page, and none is drawn as nothing. */
export const target: FuzzTarget<Input> = {
  name: 'rendering',
  setup: async () => {
    renderer = (await import(fileURLToPath(file))) as Renderer;
  },
  generate: (random) => ({ text: anyText(random) }),
  run: ({ text }) => {
    const html = renderer.html(text);
    const faults = renderer.faults(html);
    if (faults.length > 0)
      fail('an element or attribute that is not allowed', faults.join(', ').slice(0, 300));
    if (isVisible(text) && renderer.textIn(html).trim() === '')
      fail('is drawn as nothing', html.slice(0, 300));
  },
};
