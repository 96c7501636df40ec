import type { IncomingMessage, ServerResponse } from 'node:http';
import { isFromThisMachine } from '@lockstep/api';
import { type Core, lab } from '@lockstep/core';
import { id, LockstepError } from '@lockstep/protocol';
import { type HeaderOptions, type LabPlace, labPlace, secureData } from './headers.ts';

/**
 * The server's side of the Device Lab (docs/testing.md). Its page is `lab.localhost`, each of its devices a host below
 * that: an origin of its own, so with cookies and storage of its own, and yet the same site, so that cookies work in a
 * frame. Only for requests that come straight from this machine.
 */
export const labHandler = (core: Core, headers: HeaderOptions) => {
  const answers: Record<string, Answer> = {
    '/lab': async ({ place, port }, res) => {
      if (place !== 'page') return redirect(res, `http://lab.localhost:${port}/lab`);
    },
    '/lab/people': async ({ query }, res) => json(res, await lab.people(core, query.get('q') ?? '')),
    '/lab/digest': async ({ query }, res) => json(res, await lab.digest(core, userOf(query))),
    '/lab/enter': async ({ req, place, query }, res) => {
      // A cookie here must not be the one of `localhost`, which a developer is signed in with.
      if (place !== 'device') throw new LockstepError('not_found');
      const userId = userOf(query);
      const session = await core.sessions.read(req.headers.cookie);
      if (query.has('fresh') || session?.userId !== userId) {
        const device = { ipAddress: null, userAgent: req.headers['user-agent']?.slice(0, 300) ?? null };
        res.setHeader('Set-Cookie', await lab.enter(core, userId, device));
        // Nothing of whoever had this place before; only this host is cleared.
        res.setHeader('Clear-Site-Data', '"storage"');
      }
      redirect(res, '/');
    },
  };

  /** False when the request is for somebody else. */
  return (req: IncomingMessage, res: ServerResponse): boolean => {
    const url = new URL(req.url ?? '/', 'http://localhost');
    const answer = core.settings.lab && req.method === 'GET' ? answers[url.pathname] : undefined;
    if (!answer || !isFromThisMachine(req)) return false;
    const place = labPlace(req.headers.host);
    if (url.pathname === '/lab' && place === 'page') return false;
    secureData(res, headers);
    const request = { req, query: url.searchParams, place, port: core.settings.PORT };
    answer(request, res).catch((error: unknown) => {
      if (!(error instanceof LockstepError)) core.log.error({ err: error }, 'lab: request failed');
      res.writeHead(error instanceof LockstepError ? 404 : 500).end();
    });
    return true;
  };
};

interface LabRequest {
  req: IncomingMessage;
  query: URLSearchParams;
  place: LabPlace | null;
  port: number;
}

type Answer = (request: LabRequest, res: ServerResponse) => Promise<void>;

const userOf = (query: URLSearchParams): string => {
  const { data } = id.safeParse(query.get('user'));
  if (!data) throw new LockstepError('not_found');
  return data;
};

const redirect = (res: ServerResponse, to: string): void => void res.writeHead(303, { Location: to }).end();

const json = (res: ServerResponse, value: unknown): void =>
  void res.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
