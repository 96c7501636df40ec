/** State of one part, as in `GET /healthz`. */
export interface PartHealth {
  ok: boolean;
  detail: string;
}

/**
 * `GET /healthz`: 200 when `ok`, 503 otherwise, within a second. All of it from the server's own machine, for admins
 * and with HEALTH_TOKEN; `ok` alone for anybody else. A worker that is down is reported but does not make the whole
 * unhealthy (rule 9).
 */
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
    /** Of the disk that holds DATA_DIR. */
    disk: PartHealth;
    /** The processes supervised by `npm start`; absent without it. */
    processes?: PartHealth;
  };
}
