import { readingOf } from '@lockstep/protocol/markup';

/** As much of a text is looked at for a line: signs of formatting that end behind it are shown. In UTF-16 units. */
const CHARACTERS_CHECKED = 1_000;
const SHOWN = 300;

/** The first words of a message in one line, as it reads; mentions stand in it as they are stored. */
export const previewOf = (body: string): string =>
  readingOf(body.slice(0, CHARACTERS_CHECKED)).text.slice(0, SHOWN).replace(/\s+/g, ' ').trim();

/** What is copied of a message: how it reads, with the addresses of its links in brackets. */
export const copyOf = (body: string): string => readingOf(body, { addresses: 'behind' }).text;
