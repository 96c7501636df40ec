/** The messages between the benchmark and its load generator. */

export type Order =
  | {
      type: 'connect';
      port: number;
      devices: { cookie: string; revs: Record<string, number> }[];
      senders: string[];
    }
  /** `pairs` are taken in turn; `devices` is how many a message of that conversation reaches. */
  | {
      type: 'rate';
      rate: number;
      seconds: number;
      pairs: { sender: number; conversationId: string; devices: number }[];
    }
  | { type: 'window'; window: number; seconds: number; conversationId: string; devices: number }
  /** Every device must stand at these heads. */
  | { type: 'verify'; heads: Record<string, number> };

/** Times in milliseconds, `elapsed` in seconds. */
export interface RateResult {
  sent: number;
  acknowledged: number;
  refused: number;
  deliveredToAll: number;
  deliveries: number;
  elapsed: number;
  ackP50: number;
  ackP99: number;
  deliveryP50: number;
  deliveryP99: number;
  faults: string[];
}

export interface WindowResult {
  messages: number;
  refused: number;
  deliveries: number;
  frames: number;
  elapsed: number;
  deliveryP99: number;
  faults: string[];
}

export type Report =
  | { type: 'connected' }
  | { type: 'rate'; result: RateResult; cpuMs: number }
  | { type: 'window'; result: WindowResult; cpuMs: number }
  | { type: 'verified'; behind: number }
  | { type: 'failed'; error: string };
