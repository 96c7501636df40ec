/** The first `most` UTF-16 units of a well-formed text; one fewer where half of a sign would be left at the end. */
export const cutTo = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const last = text.charCodeAt(most - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most);
};
