import { SECONDS } from '@lockstep/core/metrics';
import type { AppenderOptions } from '@lockstep/core/sockets';
import { Counter, Histogram, type Registry } from 'prom-client';

/** What the parts of a web process tell as it happens: once for each batch, answer or push. */
export interface WebHooks {
  onBatch: NonNullable<AppenderOptions['onBatch']>;
  onSend(ms: number): void;
  onDelivered(ms: number): void;
}

/** These are on the way of each message: no labels, so nothing is made for a call. */
export const webHooks = (registry: Registry): WebHooks => {
  const registers = [registry];
  const histogram = (name: string, help: string, buckets = SECONDS) =>
    new Histogram({ name, help, buckets, registers });
  const appends = new Counter({ name: 'lockstep_appends_total', help: 'Messages stored.', registers });
  const batch = histogram(
    'lockstep_append_batch_messages',
    'Messages stored by one statement.',
    [1, 2, 4, 8, 16, 32, 64, 128, 256],
  );
  const statement = histogram('lockstep_append_seconds', 'Time of a statement that stores messages.');
  const ack = histogram(
    'lockstep_send_ack_seconds',
    'From the arrival of a send to its acknowledgement, which comes after the commit.',
  );
  const delivery = histogram(
    'lockstep_delivery_seconds',
    'From the commit of a change, in any process, to its push being written to the sockets of this one.',
  );
  return {
    onBatch: (stored, ms) => {
      statement.observe(ms / 1_000);
      if (stored === 0) return;
      appends.inc(stored);
      batch.observe(stored);
    },
    onSend: (ms) => ack.observe(ms / 1_000),
    // The clocks of two machines may differ.
    onDelivered: (ms) => delivery.observe(Math.max(0, ms) / 1_000),
  };
};
