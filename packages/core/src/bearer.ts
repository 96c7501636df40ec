import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Whether a request brings this token (`Authorization: Bearer …`). Takes as long for a wrong one. */
export const hasToken = (
  { headers }: Pick<IncomingMessage, 'headers'>,
  token: string | undefined,
): boolean => {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const given = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return token !== undefined && given !== undefined && timingSafeEqual(digest(given), digest(token));
};
