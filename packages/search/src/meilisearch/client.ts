import { IndexUnavailable } from '../port.ts';

/** The few calls of Meilisearch's HTTP API that are used. https://www.meilisearch.com/docs/reference/api/overview */
export interface Task {
  uid: number;
  status: 'enqueued' | 'processing' | 'succeeded' | 'failed' | 'canceled';
  error: { code: string; message: string } | null;
}

export class MeiliError extends IndexUnavailable {
  override readonly name = 'MeiliError';
  constructor(
    /** Of Meilisearch, or `unreachable`, or `slow`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Timeouts, in ms. */
export interface Timeouts {
  /** For writes of the worker. */
  send: number;
  /** For a search, and for the health check. */
  answer: number;
}
const TIMEOUTS: Timeouts = { send: 10_000, answer: 1_000 };

export class MeiliClient {
  constructor(
    readonly url: string,
    readonly key: string | null,
    readonly timeouts: Timeouts = TIMEOUTS,
  ) {}

  /** The answer, or null for "not found". Throws MeiliError. */
  call<T>(method: string, path: string, body?: unknown, type?: string): Promise<T | null> {
    return this.#call(this.timeouts.send, method, path, body, type);
  }

  /** The same with the shorter timeout. */
  ask<T>(method: string, path: string, body?: unknown): Promise<T | null> {
    return this.#call(this.timeouts.answer, method, path, body);
  }

  async #call<T>(
    timeouts: number,
    method: string,
    path: string,
    body?: unknown,
    type = 'application/json',
  ): Promise<T | null> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(new URL(path, this.url), {
        method,
        headers: {
          ...(this.key ? { authorization: `Bearer ${this.key}` } : {}),
          ...(body === undefined ? {} : { 'content-type': type }),
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeouts),
      });
      text = await response.text();
    } catch (error) {
      if ((error as Error).name === 'TimeoutError')
        throw new MeiliError('slow', `Meilisearch does not answer within ${timeouts} ms`);
      throw new MeiliError('unreachable', `Meilisearch is not reached: ${reasonOf(error as Error)}`);
    }
    if (response.ok) return (text === '' ? null : JSON.parse(text)) as T | null;
    if (response.status === 404) return null;
    const said = parse(text);
    const what = said?.message || text.slice(0, 200) || response.statusText;
    throw new MeiliError(
      said?.code ?? `http_${response.status}`,
      `Meilisearch says ${response.status}: ${what}`,
    );
  }

  /** The number of the task that was put into the queue; it is not waited for. */
  async enqueue(method: string, path: string, body?: unknown, type?: string): Promise<number> {
    const answer = await this.call<{ taskUid: number }>(method, path, body, type);
    if (!answer) throw new MeiliError('index_not_found', `${path} is not there`);
    return answer.taskUid;
  }

  async tasks(uids: number[]): Promise<Task[]> {
    const answer = await this.call<{ results: Task[] }>(
      'GET',
      `/tasks?limit=${uids.length}&uids=${uids.join(',')}`,
    );
    return answer?.results ?? [];
  }
}

/** Such as ECONNREFUSED; never an address. */
const reasonOf = ({ message, cause }: Error): string =>
  (cause as { code?: string } | undefined)?.code ?? message;

const parse = (text: string): { code?: string; message?: string } | null => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
