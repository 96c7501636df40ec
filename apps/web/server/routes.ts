import type { IncomingMessage, ServerResponse } from 'node:http';

/** One line of the route table. */
export interface Route {
  /** A whole path; with a slash at its end, every path that begins with it. */
  path: string;
  /** False leaves a request to the routes below. All are taken where it is left out. */
  takes?(req: IncomingMessage): boolean;
  /** A page for people: answered only under a known host (`hostCheck`). */
  isPage?: boolean;
  answer(req: IncomingMessage, res: ServerResponse): Promise<void> | void;
}

/** The first route of the table that takes the request. */
export const routeOf = (routes: readonly Route[], req: IncomingMessage): Route | undefined => {
  const [path = '/'] = (req.url ?? '/').split('?', 1);
  return routes.find((route) => matches(route, path) && (route.takes?.(req) ?? true));
};

const matches = (route: Route, path: string): boolean =>
  route.path.endsWith('/') ? path.startsWith(route.path) : path === route.path;
