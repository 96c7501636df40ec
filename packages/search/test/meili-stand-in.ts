import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A stand-in for Meilisearch, since no package of the registry ships the server: documents, tasks, filters, sort, and
 * words that are matched whole (in quotes) or by their beginning (the last). It is there to run our side of the wire; what
 * Meilisearch itself does is seen only with MEILI_URL. Tests may switch it off, wipe it, let its tasks fail or wait, let it refuse or be slow
 */
export const startStandIn = async () => {
  type Document = Record<string, unknown> & { id: string };
  const state = {
    documents: new Map<string, Document>(),
    tasks: [] as { uid: number; status: string; error: unknown; run: () => void }[],
    /** Nobody there: connections break. */
    down: false,
    /** No answers, until it is switched off; who has gone by then is not served. */
    slow: false,
    /** Tasks fail: what was sent does not fit on the disk. */
    full: false,
    /** Nothing is even taken: 507. */
    refusing: false,
    /** Tasks wait. */
    paused: false,
    /** Requests that have come in, answered or not. */
    requests: 0,
  };

  const work = () => {
    if (state.paused) return;
    for (const task of state.tasks) {
      if (task.status !== 'enqueued') continue;
      if (state.full) {
        task.status = 'failed';
        task.error = { code: 'no_space_left_on_device', message: 'no space left on device' };
        continue;
      }
      task.run();
      task.status = 'succeeded';
    }
  };

  const enqueue = (run: () => void) => {
    const task = { uid: state.tasks.length, status: 'enqueued', error: null, run };
    state.tasks.push(task);
    return { taskUid: task.uid, status: 'enqueued' };
  };

  const fits = (document: Document, filters: string[] = []) =>
    filters.every((filter) => {
      const [, field = '', not, values] = /^(\w+) (NOT )?IN \[(.*)\]$/.exec(filter) ?? [];
      const many = (value: unknown) => (Array.isArray(value) ? value : [value]);
      if (values !== undefined) {
        const list = values.split(', ').map((value) => value.slice(1, -1));
        return many(document[field]).some((value) => list.includes(value as string)) !== Boolean(not);
      }
      const [, name = '', op, raw = ''] = /^(\w+) (=|!=|<=|>=|<|>) (.*)$/.exec(filter) ?? [];
      const value = raw.startsWith('"') ? raw.slice(1, -1) : Number(raw);
      const has = document[name];
      if (op === '=') return many(has).includes(value);
      if (op === '!=') return !many(has).includes(value);
      if (typeof has !== 'number' || typeof value !== 'number') return false;
      return { '<': has < value, '<=': has <= value, '>': has > value, '>=': has >= value }[op as '<'];
    });

  const says = (document: Document, question: string) => {
    const words = `${document.words ?? ''} ${document.grams ?? ''}`.split(' ');
    return question
      .split(' ')
      .filter(Boolean)
      .every((one) =>
        one.startsWith('"') ? words.includes(one.slice(1, -1)) : words.some((word) => word.startsWith(one)),
      );
  };

  const answer = (method: string, path: string, body: string): unknown => {
    const json = () => JSON.parse(body);
    const [, rest = ''] = /^\/indexes\/[^/]+\/(.*)$/.exec(path) ?? [];
    if (path === '/health') return { status: 'available' };
    if (path === '/stats') return { databaseSize: 1 };
    if (path.startsWith('/tasks')) {
      work();
      const uids = new URL(path, 'http://x').searchParams.get('uids')?.split(',').map(Number);
      return { results: state.tasks.filter(({ uid }) => uids?.includes(uid)) };
    }
    if (path === '/indexes' || rest === 'settings') return enqueue(() => {});
    if (rest === 'documents') {
      const documents: Document[] = body.startsWith('[')
        ? json()
        : body.split('\n').map((line) => JSON.parse(line));
      return enqueue(() => {
        for (const document of documents) state.documents.set(document.id, document);
      });
    }
    if (rest === 'documents/delete-batch') {
      const ids: string[] = json();
      return enqueue(() => {
        for (const id of ids) state.documents.delete(id);
      });
    }
    if (rest === 'documents/fetch') {
      const { filter, limit } = json();
      return { results: [...state.documents.values()].filter((one) => fits(one, filter)).slice(0, limit) };
    }
    if (rest.startsWith('documents/') && method === 'GET') {
      work();
      return state.documents.get(rest.slice('documents/'.length)) ?? null;
    }
    if (rest === 'search') {
      const { q, filter, sort, limit, offset } = json() as {
        q: string;
        filter: string[];
        sort: string[];
        limit: number;
        offset: number;
      };
      const found = [...state.documents.values()].filter((one) => fits(one, filter) && says(one, q));
      found.sort((a, b) => {
        for (const rule of sort) {
          const [field] = rule.split(':') as [string];
          const [x, y] = [a[field] as number, b[field] as number];
          if (x !== y) return x < y ? 1 : -1;
        }
        return 0;
      });
      return { hits: found.slice(offset, offset + limit) };
    }
    return null;
  };

  const waiting = new Set<() => void>();
  const server = createServer(async (req, res) => {
    state.requests++;
    const body = await read(req);
    if (state.slow) {
      await new Promise((resolve) => waiting.add(() => resolve(null)));
      if (req.socket.destroyed) return;
    }
    if (state.down) return void req.socket.destroy();
    if (state.refusing && req.method !== 'GET' && !req.url?.endsWith('/search')) {
      res.writeHead(507, { 'content-type': 'application/json' });
      return void res.end(
        JSON.stringify({ code: 'no_space_left_on_device', message: 'no space left on device' }),
      );
    }
    const result = answer(req.method ?? '', req.url ?? '', body);
    res.writeHead(result === null ? 404 : 200, { 'content-type': 'application/json' });
    res.end(JSON.stringify(result ?? { code: 'document_not_found', message: 'not found' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state,
    wipe: () => state.documents.clear(),
    /** Answers again. */
    hurry: () => {
      state.slow = false;
      for (const go of waiting) go();
      waiting.clear();
    },
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

const read = async (req: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};
