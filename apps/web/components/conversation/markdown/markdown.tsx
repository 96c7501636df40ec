import type { ReactNode } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkBreaks from 'remark-breaks';
import remarkGfm from 'remark-gfm';
import { CodeBlock } from './code-block.tsx';
import { safeHref } from './links.ts';
import { remarkMentions } from './mentions.ts';

/** Everything that a message may be made of. What is not here keeps its text and loses its element. */
const ALLOWED = [
  ...[
    'p',
    'br',
    'strong',
    'em',
    'del',
    'code',
    'pre',
    'blockquote',
    'ul',
    'ol',
    'li',
    'hr',
    'a',
    'img',
    'input',
  ],
  'mention',
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
];

const Link = ({ href, children }: { href: string | undefined; children?: ReactNode }) => {
  const safe = safeHref(href);
  if (!safe) return <span>{children}</span>;
  return (
    <a href={safe} title={safe} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
};

const Heading = ({ children }: { children?: ReactNode }) => <p className="md-heading">{children}</p>;

/** Each takes only what it names: no attribute of the text's own (id, class, style, on...) reaches the page. */
const components: Components = {
  p: ({ children }) => <p dir="auto">{children}</p>,
  a: ({ href, children }) => <Link href={href}>{children}</Link>,
  // Pictures are not fetched: that would tell a stranger's server who reads what, and when.
  img: ({ src, alt }) => {
    const href = typeof src === 'string' ? src : undefined;
    return <Link href={href}>{alt || href}</Link>;
  },
  h1: Heading,
  h2: Heading,
  h3: Heading,
  h4: Heading,
  h5: Heading,
  h6: Heading,
  blockquote: ({ children }) => <blockquote dir="auto">{children}</blockquote>,
  ul: ({ children }) => <ul>{children}</ul>,
  ol: ({ children, start }) => <ol start={typeof start === 'number' ? start : undefined}>{children}</ol>,
  li: ({ children }) => <li dir="auto">{children}</li>,
  input: ({ checked }) => (
    <input type="checkbox" checked={checked === true} readOnly disabled tabIndex={-1} />
  ),
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <div className="md-table" tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
  th: ({ children }) => <th>{children}</th>,
  td: ({ children }) => <td>{children}</td>,
  code: ({ children }) => <code>{children}</code>,
  pre: ({ node }) => {
    const code = node?.children[0];
    if (code?.type !== 'element') return null;
    const text = code.children[0];
    const name = code.properties.className;
    const language = Array.isArray(name) ? /^language-(.{1,24})$/.exec(String(name[0]))?.[1] : undefined;
    return (
      <CodeBlock code={text?.type === 'text' ? text.value.replace(/\n$/, '') : ''} language={language} />
    );
  },
};

/** Without the names of people: `@…` stands for each. */
const BARE: PeopleParts = { mention: () => <span>@…</span>, code: (text) => text };

const plugins = [remarkGfm, remarkBreaks, remarkMentions];

/** What shows the parts of a text that need to know the people: the app gives these, the bare renderer has none. */
export interface PeopleParts {
  mention(userId: string): ReactNode;
  code(text: string): ReactNode;
}

const withPeople = (parts: PeopleParts): Components & Record<'mention', unknown> => ({
  ...components,
  mention: ({ userId }: { userId?: string }) => (userId ? parts.mention(userId) : null),
  code: ({ children }) => (
    <code>{typeof children === 'string' && children.includes('<@') ? parts.code(children) : children}</code>
  ),
});

/**
 * The text as React elements. HTML in it stays text: there is no parser for it here (no rehype-raw). It is parsed by this
 * call: an element `<Markdown>` would be parsed by each row that mounts it, however long it were kept.
 */
export const renderMarkdown = (text: string, parts: PeopleParts = BARE): ReactNode =>
  Markdown({
    remarkPlugins: plugins,
    allowedElements: ALLOWED,
    unwrapDisallowed: true,
    components: withPeople(parts),
    urlTransform: (url) => safeHref(url) ?? '',
    children: text,
  });
