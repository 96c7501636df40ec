import { hostileTexts } from '@lockstep/testing/fuzz/hostile';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { MessageBoundary } from '../../components/conversation/message/message-boundary.tsx';
import { rendered } from './rendered.ts';

const typed = (text: string) => renderToStaticMarkup(createElement('p', { dir: 'auto' }, text));

describe('a text that is made to be endless', () => {
  it.each([
    ['2,500 quotes', '>'.repeat(2_500)],
    ['1,300 lists', `${'- '.repeat(1_300)}x`],
    ['1,300 numbered lists', `${'1. '.repeat(1_300)}x`],
    ['a table of 300 columns', `|${'a|'.repeat(300)}\n|${'-|'.repeat(300)}`],
    ['thousands of stars', '*a'.repeat(4_000)],
  ])('of %s is shown as it was typed', (_, text) => expect(rendered(text)).toBe(typed(text)));

  it('makes no more than some thousands of elements, whatever it is made of', () => {
    for (const { name, text } of hostileTexts()) {
      const elements = rendered(text).match(/<[a-z]/g)?.length ?? 0;
      expect(elements, name).toBeLessThan(4_000);
    }
  });
});

describe('the boundary around a message', () => {
  const draw = (boundary: MessageBoundary) => renderToStaticMarkup(boundary.render());
  it('shows the source where the message cannot be drawn, until it is another text', () => {
    const props = { of: 'a', fallback: 'as typed', children: 'formatted' };
    const boundary = new MessageBoundary(props);
    expect(draw(boundary)).toBe('formatted');
    boundary.state = { ...boundary.state, ...MessageBoundary.getDerivedStateFromError() };
    expect(draw(boundary)).toBe('as typed');
    expect(MessageBoundary.getDerivedStateFromProps(props, boundary.state)).toBeNull();
    const edited = MessageBoundary.getDerivedStateFromProps({ ...props, of: 'b' }, boundary.state);
    boundary.state = { ...boundary.state, ...edited };
    expect(draw(boundary)).toBe('formatted');
  });
});
