/** The few calls of Meilisearch's HTTP API that are used. https://www.meilisearch.com/docs/reference/api/overview */
export interface Task {
  uid: number;
  status: 'enqueued' | 'processing' | 'succeeded' | 'failed' | 'canceled';
  error: { code: string; message: string } | null;
}

export class MeiliError extends Error {
  override readonly name = 'MeiliError';
  constructor(
    /** Of Meilisearch, or `unreachable`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** An engine that does not answer in this time is taken for away. */
const TIMEOUT_MS = 10_000;

export class MeiliClient {
  constructor(
    readonly url: string,
    readonly key: string | null,
  ) {}

  /** The answer, or null for "not found". Throws MeiliError. */
  async call<T>(method: string, path: string, body?: unknown, type = 'application/json'): Promise<T | null> {
    let response: Response;
    try {
      response = await fetch(new URL(path, this.url), {
        method,
        headers: {
          ...(this.key ? { authorization: `Bearer ${this.key}` } : {}),
          ...(body === undefined ? {} : { 'content-type': type }),
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      throw new MeiliError('unreachable', `Meilisearch is not reached: ${(error as Error).message}`);
    }
    const text = await response.text();
    if (response.ok) return (text === '' ? null : JSON.parse(text)) as T | null;
    if (response.status === 404) return null;
    const said = parse(text);
    throw new MeiliError(said?.code ?? `http_${response.status}`, said?.message ?? text.slice(0, 200));
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

const parse = (text: string): { code?: string; message?: string } | null => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
