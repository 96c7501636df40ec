import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Core, Device } from '@lockstep/core';
import { clientAddress } from './address.ts';
import type { Guesses } from './guesses.ts';
import type { RateLimits } from './rate-limits.ts';

/** Of one HTTP request, which may carry a batch of calls. */
export interface ApiContext {
  core: Core;
  limits: RateLimits;
  /** Null when rate limits are off. */
  guesses: Guesses | null;
  cookie: string | undefined;
  address: string | null;
  device: Device;
  /** Adds a `Set-Cookie` to the answer. */
  setCookie(value: string): void;
  /** Ties an error that a client reports to its line in the log. */
  requestId: string;
}

export interface ContextParts {
  core: Core;
  limits: RateLimits;
  guesses: Guesses | null;
}

class RequestContext implements ApiContext {
  readonly core: Core;
  readonly limits: RateLimits;
  readonly guesses: Guesses | null;
  #requestId: string | null = null;

  constructor(
    { core, limits, guesses }: ContextParts,
    readonly req: IncomingMessage,
    readonly res: ServerResponse,
  ) {
    this.core = core;
    this.limits = limits;
    this.guesses = guesses;
  }

  get cookie(): string | undefined {
    return this.req.headers.cookie;
  }

  get address(): string | null {
    return clientAddress(this.req, this.core.settings.TRUST_PROXY === 'on');
  }

  get device(): Device {
    return { ipAddress: this.address, userAgent: this.req.headers['user-agent']?.slice(0, 300) ?? null };
  }

  get requestId(): string {
    this.#requestId ??= randomUUID();
    return this.#requestId;
  }

  setCookie = (value: string): void => {
    this.res.appendHeader('Set-Cookie', value);
  };
}

export const requestContext = (parts: ContextParts, req: IncomingMessage, res: ServerResponse): ApiContext =>
  new RequestContext(parts, req, res);
