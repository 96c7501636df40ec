import cliProgress from 'cli-progress';

export interface Progress {
  advance(count: number): void;
  stop(): void;
}

const count = new Intl.NumberFormat('en');

/** A bar with rate on a terminal; elsewhere (a log file, a pipe) one line each tenth. */
export const createProgress = (total: number, out: NodeJS.WriteStream = process.stderr): Progress =>
  out.isTTY ? bar(total, out) : lines(total, out);

const bar = (total: number, stream: NodeJS.WriteStream): Progress => {
  const began = Date.now();
  let done = 0;
  const view = new cliProgress.SingleBar({
    stream,
    format: '{bar} {percentage}%  {done} of {all} lines  {rate} lines/s  {eta_formatted} left',
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

const lines = (total: number, out: NodeJS.WritableStream): Progress => {
  const began = Date.now();
  let done = 0;
  let tenths = 0;
  return {
    advance: (n) => {
      done += n;
      const reached = Math.floor((done / Math.max(1, total)) * 10);
      if (reached <= tenths) return;
      tenths = reached;
      out.write(`${reached * 10}%  ${count.format(done)} lines  ${rate(done, began)} lines/s\n`);
    },
    stop: () => {},
  };
};

const rate = (done: number, began: number) =>
  count.format(Math.round(done / Math.max(0.001, (Date.now() - began) / 1000)));
