const EMOJI =
  /^(?:(?:\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?(?:\u200d\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?)*|\p{Regional_Indicator}{2})\s*){1,12}$/u;

/** Whether the text is nothing but one to twelve emoji: these are shown large. */
export const isEmojiOnly = (text: string): boolean => text.length <= 120 && EMOJI.test(text.trim());
