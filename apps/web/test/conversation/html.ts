/** A message as the page gets it, and what is wrong with it. Fed by `npm run fuzz`, too. */
export { rendered as html, textIn } from './rendered.ts';

/** Elements and attributes that a message may have, with what their values may be. */
const ELEMENTS = new Set(
  'p br wbr strong em del code pre blockquote ul ol li hr a span input div table thead tbody tr th td button svg path rect'.split(
    ' ',
  ),
);
const ATTRIBUTES: Record<string, RegExp> = {
  href: /^(https?:\/\/|mailto:)/,
  title: /./,
  target: /^_blank$/,
  rel: /^noopener noreferrer nofollow$/,
  dir: /^(auto|ltr|rtl)$/,
  style: /^(margin-top:calc\([0-9a-z+*. ()-]+\)|text-align:(left|right|center)|--md-gutter:[\d.]+em)$/,
  value: /^\d+$/,
  'aria-hidden': /^true$/,
  class: /^(md-|group\/code|lucide|size-|)/,
  type: /^(checkbox|button)$/,
  tabindex: /^(0|-1)$/,
  'aria-label': /^(Copy code|Done|Not done)$/,
};
const FLAGS = new Set(['checked', 'disabled', 'readonly']);
const ofIcons =
  /^(xmlns|width|height|viewbox|fill|stroke|stroke-width|stroke-linecap|stroke-linejoin|d|x|y|rx|ry|aria-hidden)$/;

/** Every tag of the markup that is not allowed. An empty list is the whole promise. */
export const faults = (markup: string): string[] => {
  const found: string[] = [];
  for (const [, name = '', rest = ''] of markup.matchAll(
    /<([a-z][\w:-]*)((?:\s+[^\s=>]+(?:="[^"]*")?)*)\s*\/?>/gi,
  )) {
    if (!ELEMENTS.has(name.toLowerCase())) found.push(`<${name}>`);
    for (const [, key = '', value = ''] of rest.matchAll(/([^\s=]+)(?:="([^"]*)")?/g)) {
      const attribute = key.toLowerCase();
      const icon = (name === 'svg' || name === 'path' || name === 'rect') && ofIcons.test(attribute);
      if (!icon && !FLAGS.has(attribute) && !ATTRIBUTES[attribute]?.test(value))
        found.push(`${name} ${key}=${value}`);
    }
  }
  return found;
};
