import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Core, Device } from '@lockstep/core';
import { VERSION_HEADER, versionOf } from '@lockstep/protocol';
import { clientAddress } from './address.ts';
import type { Gates } from './gates.ts';
import { isLocalRequest } from './local-request.ts';
import type { LoginThrottle } from './login-throttle.ts';
import type { RateLimits } from './rate-limits.ts';
import type { Usages } from './usage.ts';

/** The context of one HTTP request, which may contain a batch of calls. */
export interface ApiContext {
  core: Core;
  limits: RateLimits;
  gates: Gates;
  usages: Usages;
  /** How many calls the request contains. */
  calls: number;
  /** Null when rate limits are off. */
  throttle: LoginThrottle | null;
  cookie: string | undefined;
  address: string | null;
  device: Device;
  /** Whether the request comes from this machine. */
  isLocal: boolean;
  /** By a client of a newer version. */
  isOfNewer: boolean;
  /** Adds a `Set-Cookie` to the answer. */
  setCookie(value: string): void;
  /** Links an error reported by a client to its line in the log. */
  requestId: string;
}

export interface ContextParts {
  core: Core;
  limits: RateLimits;
  gates: Gates;
  usages: Usages;
  throttle: LoginThrottle | null;
}

class RequestContext implements ApiContext {
  readonly core: Core;
  readonly limits: RateLimits;
  readonly gates: Gates;
  readonly usages: Usages;
  readonly throttle: LoginThrottle | null;
  #requestId: string | null = null;

  constructor(
    { core, limits, gates, usages, throttle }: ContextParts,
    readonly req: IncomingMessage,
    readonly res: ServerResponse,
    readonly calls: number,
  ) {
    this.core = core;
    this.limits = limits;
    this.gates = gates;
    this.usages = usages;
    this.throttle = throttle;
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

  get isLocal(): boolean {
    return isLocalRequest(this.req, this.core.settings);
  }

  get isOfNewer(): boolean {
    return versionOf(this.req.headers[VERSION_HEADER]) > this.core.settings.protocol.current;
  }

  get requestId(): string {
    this.#requestId ??= randomUUID();
    return this.#requestId;
  }

  setCookie = (value: string): void => {
    this.res.appendHeader('Set-Cookie', value);
  };
}

export const requestContext = (
  parts: ContextParts,
  req: IncomingMessage,
  res: ServerResponse,
  calls: number,
): ApiContext => new RequestContext(parts, req, res, calls);
