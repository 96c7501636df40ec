/** Letters and digits that are read from right to left, and those that set a direction (Hebrew, Arabic, N'Ko, Adlam, …). */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * What somebody wrote, such as a name, as a part of a sentence of ours: it has a direction of its own and turns nothing
 * beside it. FSI and PDI are put around it where it could; what is read from left to right stays free of them.
 */
export const isolated = (text: string): string => (RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text);
