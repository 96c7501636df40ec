import type { IncomingMessage, ServerResponse } from 'node:http';
import { isFromThisMachine } from '@lockstep/api';
import { type Core, lab } from '@lockstep/core';
import { id, LockstepError } from '@lockstep/protocol';
import { type LabHost, labHostOf } from './http/headers.ts';
import type { Route } from './routes.ts';

/**
 * The server's side of the Device Lab (docs/testing.md). Its page is `lab.localhost`, each of its devices a host below
 * that: an origin of its own, so with cookies and storage of its own, and yet the same site, so that cookies work in a
 * frame. Only for requests that come straight from this machine.
 */
export const labRoutes = (core: Core): Route[] => {
  if (!core.settings.lab) return [];
  const answers: Record<string, Answer> = {
    '/lab': async ({ port }, res) => redirect(res, `http://lab.localhost:${port}/lab`),
    '/lab/people': async ({ query }, res) => json(res, await lab.people(core, query.get('q') ?? '')),
    '/lab/digest': async ({ query }, res) => json(res, await lab.digest(core, userOf(query))),
    '/lab/enter': async ({ req, labHost, query }, res) => {
      // A cookie here must not be the one of `localhost`, which a developer is signed in with.
      if (labHost !== 'device') throw new LockstepError('not_found');
      const userId = userOf(query);
      const session = await core.sessions.read(req.headers.cookie);
      if (query.has('fresh') || session?.userId !== userId) {
        const device = { ipAddress: null, userAgent: req.headers['user-agent']?.slice(0, 300) ?? null };
        res.setHeader('Set-Cookie', await lab.enter(core, userId, device));
        // Clear the data of the previous person on this host; other hosts are not affected.
        res.setHeader('Clear-Site-Data', '"storage"');
      }
      redirect(res, '/');
    },
  };

  return Object.entries(answers).map(([path, answer]) => ({
    path,
    // The page of the lab itself is one of Next's.
    takes: (req) =>
      req.method === 'GET' &&
      isFromThisMachine(req) &&
      !(path === '/lab' && labHostOf(req.headers.host) === 'page'),
    answer: (req, res) => {
      const { searchParams: query } = new URL(req.url ?? '/', 'http://localhost');
      const request = { req, query, labHost: labHostOf(req.headers.host), port: core.settings.PORT };
      return answer(request, res).catch((error: unknown) => {
        if (!(error instanceof LockstepError)) core.log.error({ err: error }, 'lab: request failed');
        res.writeHead(error instanceof LockstepError ? 404 : 500).end();
      });
    },
  }));
};

interface LabRequest {
  req: IncomingMessage;
  query: URLSearchParams;
  labHost: LabHost | null;
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
