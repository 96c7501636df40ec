import { type Block, type Inline, type Markup, parseMarkup } from '../../src/markup/index.ts';

/** What a text is formatted as, in a short notation: `<b>bold</b>`, `[words](href)`, `{code}`, blocks one under the other. */
export const show = (text: string): string => blocks(text, parseMarkup(text).blocks);

const TAGS = { bold: 'b', italic: 'i', strike: 's' } as const;

export const inline = (text: string, nodes: readonly Inline[]): string =>
  nodes
    .map((node): string => {
      switch (node.type) {
        case 'text':
          return text.slice(node.from, node.to);
        case 'code':
          return `{${text.slice(node.from, node.to)}}`;
        case 'mention':
          return `@${node.userId.slice(-4)}`;
        case 'link':
          return `[${inline(text, node.children)}](${node.address ? node.href : ''})`;
        default:
          return `<${TAGS[node.type]}>${inline(text, node.children)}</${TAGS[node.type]}>`;
      }
    })
    .join('');

const blocks = (text: string, list: readonly Block[]): string =>
  list.map((block) => '\n'.repeat(block.gap) + one(text, block)).join('\n');

const one = (text: string, block: Block): string => {
  const slice = ({ from, to }: { from: number; to: number }) => text.slice(from, to);
  switch (block.type) {
    case 'paragraph':
      return inline(text, block.children);
    case 'heading':
      return `<h${block.level}>${inline(text, block.children)}</h${block.level}>`;
    case 'quote':
      return `<q>${blocks(text, block.blocks)}</q>`;
    case 'list':
      return block.items
        .map(({ marker, box, blocks: inside }) => {
          const sign = block.ordered ? slice(marker) : '•';
          return `<li ${sign}${box ? (box.done ? ' x' : ' o') : ''}>${blocks(text, inside)}</li>`;
        })
        .join('');
    case 'codeBlock':
      return `<code${block.language ? ` ${slice(block.language)}` : ''}>${block.lines.map(slice).join('\n')}</code>`;
    case 'table':
      return `<table ${block.align.map((align) => align?.[0] ?? '-').join('')}>${block.rows
        .map((row) => row.map((cell) => inline(text, cell)).join('|'))
        .join('/')}</table>`;
    case 'rule':
      return '<hr>';
  }
};

/** Leaves in the order of the text: what is shown of it. */
export const leaves = (markup: Markup): { from: number; to: number; shown: boolean }[] => {
  const found: { from: number; to: number; shown: boolean }[] = [];
  const words = (nodes: readonly Inline[]): void => {
    for (const node of nodes) {
      if ('children' in node) words(node.children);
      else found.push({ from: node.from, to: node.to, shown: true });
      if (node.type === 'link' && node.address) found.push({ ...node.address, shown: false });
    }
  };
  const walk = (list: readonly Block[]): void => {
    for (const block of list) {
      if (block.type === 'paragraph' || block.type === 'heading') words(block.children);
      else if (block.type === 'quote') walk(block.blocks);
      else if (block.type === 'list')
        for (const { marker, box, blocks: inside } of block.items) {
          found.push({ ...marker, shown: true });
          if (box) found.push({ from: box.from, to: box.to, shown: true });
          walk(inside);
        }
      else if (block.type === 'codeBlock') {
        if (block.language) found.push({ ...block.language, shown: true });
        for (const line of block.lines) found.push({ ...line, shown: true });
      } else if (block.type === 'table') for (const row of block.rows) for (const cell of row) words(cell);
      else found.push({ from: block.from, to: block.to, shown: true });
    }
  };
  walk(markup.blocks);
  return found;
};
