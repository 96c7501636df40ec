import type { IncomingMessage, ServerResponse } from 'node:http';
import { isFromThisMachine } from '@lockstep/api';
import { hasToken } from '@lockstep/core';
import type { Health } from '@lockstep/protocol';

/** Timeout for the admin check, because the database itself may hang, in ms. */
const WHO_MS = 300;

export interface HealthOptions {
  health(): Promise<Health>;
  /** By a `Cookie` header. */
  isAdmin(cookie: string | undefined): Promise<boolean>;
  /** HEALTH_TOKEN. */
  token?: string | undefined;
}

/**
 * `GET /healthz`: whether it is healthy, for anyone; version, parts and numbers only for operators: from this
 * machine, with HEALTH_TOKEN, or as an admin.
 */
export const answerHealth = async (
  req: IncomingMessage,
  res: ServerResponse,
  { health, isAdmin, token }: HealthOptions,
): Promise<void> => {
  const known = isFromThisMachine(req) || hasToken(req, token);
  const [state, mayRead] = await Promise.all([
    health(),
    known || within(WHO_MS, isAdmin(req.headers.cookie)),
  ]);
  const { ok } = state;
  res
    .writeHead(ok ? 200 : 503, { 'Content-Type': 'application/json' })
    .end(JSON.stringify(mayRead ? state : { ok }));
};

/** `GET /livez`: the process answers. Whoever restarts it on another answer must not do so because the database is down. */
export const answerLive = (res: ServerResponse): void =>
  void res.writeHead(200, { 'Content-Type': 'application/json' }).end('{"ok":true}');

/** `GET /readyz`: whether requests may be sent here; no details, whoever asks. */
export const answerReady = async (
  res: ServerResponse,
  { health, isReady }: { health(): Promise<Pick<Health, 'ok'>>; isReady(): boolean },
): Promise<void> => {
  const ok = isReady() && (await health()).ok;
  res.writeHead(ok ? 200 : 503, { 'Content-Type': 'application/json' }).end(JSON.stringify({ ok }));
};

/** False if it takes longer or fails. */
const within = (ms: number, answer: Promise<boolean>): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms, false);
    answer
      .catch(() => false)
      .then((value) => {
        clearTimeout(timer);
        resolve(value);
      });
  });
