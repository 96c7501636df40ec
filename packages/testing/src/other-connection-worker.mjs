import { workerData } from 'node:worker_threads';
import pg from 'pg';

// The thread behind `otherConnection`: answers one query at a time, and wakes the thread that waits for the answer.

const { connectionString, port, answered } = workerData;
const client = new pg.Client({ connectionString });
const connected = client.connect();

port.on('message', async ({ text, values }) => {
  let answer;
  try {
    await connected;
    answer = { rows: (await client.query(text, values)).rows };
  } catch (error) {
    answer = { error: String(error) };
  }
  port.postMessage(answer);
  Atomics.store(answered, 0, 1);
  Atomics.notify(answered, 0);
});
