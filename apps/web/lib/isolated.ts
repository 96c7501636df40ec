/** Letters and digits that are read from right to left, and those that set a direction (Hebrew, Arabic, N'Ko, Adlam, …). */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * Isolates the direction of user text, such as a name, inside a translated sentence: FSI and PDI are put around text
 * that could change the direction; plain left-to-right text needs none.
 */
export const isolated = (text: string): string => (RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text);
