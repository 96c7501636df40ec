import { isVisible } from '@lockstep/protocol';
import {
  type Block,
  type Inline,
  type List,
  parseMarkup,
  type Range,
  type Table,
} from '@lockstep/protocol/markup';
import type { CSSProperties, ReactNode } from 'react';
import { breakable } from '../../../lib/breakable.tsx';
import { CodeBlock } from './code-block.tsx';
import { directionOf } from './direction.ts';
import { TaskBox } from './task-box.tsx';

/** What shows the parts of a text that need to know the people: the app gives these, the bare renderer has none. */
export interface PeopleParts {
  mention(userId: string): ReactNode;
  code(text: string): ReactNode;
}

/** Without the names of people: `@…` stands for each. */
const BARE: PeopleParts = { mention: () => <span>@…</span>, code: (text) => text };

/** How many people of one message are shown by name: further ones as `@…`. */
const SHOWN_MENTIONS = 200;
/** Of a text that shows nothing so many characters are named. */
const NAMED_CHARACTERS = 12;

/**
 * A message as React elements, by the grammar of docs/formatting.md. Everything that is typed stays text: no markup of
 * its own, no attribute and no address but those that safeHref lets pass reaches the page. What is over the bounds of
 * parseMarkup is shown as it was typed.
 */
export const renderMarkdown = (text: string, parts: PeopleParts = BARE): ReactNode => {
  if (!isVisible(text)) return <HiddenText text={text} />;
  return new Renderer(text, parts).blocks(parseMarkup(text).blocks, true);
};

/** A text that shows nothing: its characters by their numbers, so that there is something to see. */
const HiddenText = ({ text }: { text: string }) => {
  const characters = [...text].filter((character) => !/\s/.test(character));
  const named = characters.slice(0, NAMED_CHARACTERS).map((character) => {
    const code = character.codePointAt(0) ?? 0;
    return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  });
  return (
    <p className="md-hidden-text">
      {named.join(' ')}
      {characters.length > named.length && ' …'}
    </p>
  );
};

/** An empty line is a smaller gap than a line, each further one is a line; at the very beginning all are. */
const gapStyle = (gap: number, first: boolean): CSSProperties | undefined => {
  const lines = first ? gap : gap - 1;
  return lines > 0
    ? { marginTop: `calc(${first ? '0px' : '0.5rem'} + ${lines} * var(--line-height))` }
    : undefined;
};

class Renderer {
  #mentions = 0;

  constructor(
    readonly text: string,
    readonly parts: PeopleParts,
  ) {}

  #slice = ({ from, to }: Range): string => this.text.slice(from, to);

  blocks(blocks: readonly Block[], outermost = false): ReactNode[] {
    return blocks.map((block, i) => this.#block(block, i, outermost && i === 0));
  }

  #block(block: Block, key: number, first: boolean): ReactNode {
    const className = block.gap === 0 && key > 0 ? 'md-close' : undefined;
    const style = gapStyle(block.gap, first);
    switch (block.type) {
      case 'paragraph':
        return (
          <p key={key} style={style} className={className} dir="auto">
            {this.inline(block.children)}
          </p>
        );
      case 'heading':
        return (
          <p key={key} style={style} className="md-heading" dir="auto">
            {this.inline(block.children)}
          </p>
        );
      case 'quote':
        return (
          <blockquote
            key={key}
            style={style}
            className={className}
            dir={directionOf(wordsOf(this.text, block.blocks))}
          >
            {this.blocks(block.blocks)}
          </blockquote>
        );
      case 'list':
        return this.#list(block, { key, style, className });
      case 'codeBlock':
        return (
          <div key={key} style={style}>
            <CodeBlock
              code={block.lines.map(this.#slice).join('\n')}
              language={block.language ? this.#slice(block.language) : undefined}
            />
          </div>
        );
      case 'table':
        return (
          <div
            key={key}
            style={style}
            className="md-table"
            dir={directionOf(wordsOf(this.text, [block]))}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
            tabIndex={0}
          >
            {this.#table(block)}
          </div>
        );
      case 'rule':
        return <hr key={key} style={style} />;
    }
  }

  #list(
    { ordered, items }: List,
    blockProps: { key: number; className: string | undefined; style?: CSSProperties | undefined },
  ): ReactNode {
    const Tag = ordered ? 'ol' : 'ul';
    const widest = Math.max(...items.map(({ marker }) => marker.to - marker.from));
    const { key, style, className } = blockProps;
    const gutter =
      ordered && widest > 2
        ? ({ '--md-gutter': `${(0.64 * (widest - 1) + 0.6).toFixed(2)}em` } as CSSProperties)
        : undefined;
    return (
      <Tag key={key} className={className} style={{ ...style, ...gutter }}>
        {items.map(({ marker, box, blocks }, i) => {
          const [first, ...others] = blocks;
          const typed = this.#slice(marker);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the items of one text never move.
            <li key={i} dir="auto" value={ordered ? Number.parseInt(typed, 10) : undefined}>
              {box ? (
                <TaskBox done={box.done} />
              ) : (
                <span className="md-marker" aria-hidden={!ordered || undefined}>
                  {ordered ? typed : '•'}{' '}
                </span>
              )}
              {first?.type === 'paragraph' ? this.inline(first.children) : first && this.blocks([first])}
              {this.blocks(others)}
            </li>
          );
        })}
      </Tag>
    );
  }

  #table({ align, rows }: Table): ReactNode {
    const columns = Math.max(...rows.map((row) => row.length));
    const [head = [], ...body] = rows;
    const row = (cells: Inline[][], Cell: 'th' | 'td') =>
      Array.from({ length: columns }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the cells of one text never move.
        <Cell key={i} dir="auto" style={align[i] ? { textAlign: align[i] } : undefined}>
          {this.inline(cells[i] ?? [])}
        </Cell>
      ));
    return (
      <table>
        <thead>
          <tr>{row(head, 'th')}</tr>
        </thead>
        <tbody>
          {body.map((cells, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows of one text never move.
            <tr key={i}>{row(cells, 'td')}</tr>
          ))}
        </tbody>
      </table>
    );
  }

  inline(nodes: readonly Inline[]): ReactNode {
    // Most texts are one piece, which needs no key.
    const [only] = nodes;
    if (nodes.length === 1 && only?.type === 'text') return breakable(this.#slice(only));
    return nodes.map((node, key) => this.#node(node, key));
  }

  #node(node: Inline, key: number): ReactNode {
    switch (node.type) {
      case 'text': {
        const text = breakable(this.#slice(node));
        return typeof text === 'string' ? text : <Keyed key={key}>{text}</Keyed>;
      }
      case 'code': {
        const text = this.#slice(node);
        return (
          <code key={key} dir="auto">
            {text.includes('<@') ? this.parts.code(text) : breakable(text)}
          </code>
        );
      }
      case 'mention': {
        const parts = ++this.#mentions > SHOWN_MENTIONS ? BARE : this.parts;
        return <Keyed key={key}>{parts.mention(node.userId)}</Keyed>;
      }
      case 'bold':
        return <strong key={key}>{this.inline(node.children)}</strong>;
      case 'italic':
        return <em key={key}>{this.inline(node.children)}</em>;
      case 'strike':
        return <del key={key}>{this.inline(node.children)}</del>;
      case 'link':
        return (
          <a
            key={key}
            href={node.href}
            title={node.href}
            target="_blank"
            rel="noopener noreferrer nofollow"
            // An address reads from left to right in any sentence.
            dir={node.address ? undefined : 'ltr'}
          >
            {this.inline(node.children)}
          </a>
        );
    }
  }
}

const Keyed = ({ children }: { children: ReactNode }) => children;

/** The words of some blocks, for finding their direction: mentions, code and markers have none. */
const wordsOf = (text: string, blocks: readonly Block[]): string =>
  blocks
    .map((block) => {
      switch (block.type) {
        case 'paragraph':
        case 'heading':
          return inlineWords(text, block.children);
        case 'quote':
          return wordsOf(text, block.blocks);
        case 'list':
          return block.items.map((item) => wordsOf(text, item.blocks)).join(' ');
        case 'table':
          return block.rows.map((row) => row.map((cell) => inlineWords(text, cell)).join(' ')).join(' ');
        default:
          return '';
      }
    })
    .join(' ');

const inlineWords = (text: string, nodes: readonly Inline[]): string =>
  nodes
    .map((node) => {
      if (node.type === 'text') return text.slice(node.from, node.to);
      return 'children' in node ? inlineWords(text, node.children) : '';
    })
    .join('');
