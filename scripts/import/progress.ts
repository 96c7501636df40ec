import cliProgress from 'cli-progress';

export interface Progress {
  advance(count: number): void;
  stop(): void;
}

const count = new Intl.NumberFormat('en');

/** A bar with rate on a terminal; elsewhere (a log file, a pipe) one line each tenth. */
export const createProgress = (
  total: number,
  unit = 'lines',
  out: NodeJS.WriteStream = process.stderr,
): Progress => (out.isTTY ? bar(total, unit, out) : lines(total, unit, out));

const bar = (total: number, unit: string, stream: NodeJS.WriteStream): Progress => {
  const began = Date.now();
  let done = 0;
  const view = new cliProgress.SingleBar({
    stream,
    format: `{bar} {percentage}%  {done} of {all} ${unit}  {rate} ${unit}/s  {eta_formatted} left`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
  });
  const all = count.format(total);
  view.start(total, 0, { done: '0', all, rate: '–' });
  return {
    advance: (n) => {
      done += n;
      view.update(done, { done: count.format(done), all, rate: rate(done, began) });
    },
    stop: () => view.stop(),
  };
};

const lines = (total: number, unit: string, out: NodeJS.WritableStream): Progress => {
  const began = Date.now();
  let done = 0;
  let tenths = 0;
  return {
    advance: (n) => {
      done += n;
      const reached = Math.floor((done / Math.max(1, total)) * 10);
      if (reached <= tenths) return;
      tenths = reached;
      out.write(`${reached * 10}%  ${count.format(done)} ${unit}  ${rate(done, began)} ${unit}/s\n`);
    },
    stop: () => {},
  };
};

const rate = (done: number, began: number) =>
  count.format(Math.round(done / Math.max(0.001, (Date.now() - began) / 1000)));
