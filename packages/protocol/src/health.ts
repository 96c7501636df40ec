/** State of one part, as `GET /healthz` tells it. */
export interface PartHealth {
  ok: boolean;
  detail: string;
}

/** `GET /healthz`: 200 when `ok`, 503 otherwise. A worker that is down is told, but does not make the whole unhealthy (rule 9). */
export interface Health {
  ok: boolean;
  version: string;
  uptimeSeconds: number;
  parts: {
    database: PartHealth;
    queue: PartHealth;
    worker: PartHealth;
    push: PartHealth;
    search: PartHealth;
  };
}
