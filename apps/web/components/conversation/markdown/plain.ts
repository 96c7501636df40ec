/** What could start markdown, an HTML entity or a bare link: `a * b` and `snake_case` are looked at closer, `ok!` is not. */
const MARKUP = /[*_~`[\]<>|\\&]|https?:|www\.|@|^ {0,3}(?:[-+#=]|\d{1,9}[.)])|^(?: {4}|\t)/im;

/** Whether markdown would change nothing in the text, so that it need not be parsed: true of most chat messages. */
export const isPlain = (text: string): boolean => !MARKUP.test(text);

/** Paragraphs of a plain text, as markdown would make them: an empty line parts two. */
export const paragraphs = (text: string): string[] =>
  text.split(/\n[ \t]*(?:\n[ \t]*)+/).filter((part) => part.trim() !== '');

const EMOJI =
  /^(?:(?:\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?(?:\u200d\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?)*|\p{Regional_Indicator}{2})\s*){1,12}$/u;

/** Whether the text is nothing but one to twelve emoji: these are shown large. */
export const isEmojiOnly = (text: string): boolean => text.length <= 120 && EMOJI.test(text.trim());
