import { expect, it } from 'vitest';
import type { HighlightJob } from '../../components/conversation/markdown/highlight-worker.ts';
import {
  COLOUR_UP_TO,
  createHighlighter,
  DEADLINE_MS,
  type HighlightPort,
} from '../../components/conversation/markdown/highlighter.ts';

/** Workers of which the test says when they answer, and a clock that it moves. */
const scene = () => {
  const workers: (HighlightPort & { jobs: HighlightJob[]; ended: boolean })[] = [];
  let due: { run: () => void; ms: number } | null = null;
  const highlighter = createHighlighter(
    () => {
      const worker = {
        onmessage: null,
        onerror: null,
        jobs: [] as HighlightJob[],
        ended: false,
        postMessage: (job: HighlightJob) => void worker.jobs.push(job),
        terminate: () => {
          worker.ended = true;
        },
      } as (typeof workers)[number];
      workers.push(worker);
      return worker;
    },
    {
      set: (run, ms) => {
        due = { run, ms };
        return due;
      },
      clear: () => {
        due = null;
      },
    },
  );
  return {
    highlighter,
    workers,
    ready: () => workers.at(-1)?.onmessage?.({ data: 'ready' }),
    answer: () => {
      const { id, code } = workers.flatMap(({ jobs }) => jobs).at(-1) as HighlightJob;
      workers.at(-1)?.onmessage?.({ data: { id, runs: [[code.length, 'hljs-x']] } });
    },
    /** What is measured from when: null while nothing runs. */
    deadline: () => due?.ms ?? null,
    pass: () => {
      const now = due;
      due = null;
      now?.run();
    },
  };
};

it('colours one text after the other, and keeps what it knows', () => {
  const { highlighter, workers, ready, answer } = scene();
  const drawn: string[] = [];
  expect(highlighter.runsOf('a', 'js', () => drawn.push('a'))).toBeUndefined();
  expect(highlighter.runsOf('bb', 'js', () => drawn.push('b'))).toBeUndefined();
  expect(highlighter.runsOf('a', 'js', () => drawn.push('a again'))).toBeUndefined();
  expect(workers[0]?.jobs).toEqual([]);
  ready();
  expect(workers[0]?.jobs.map(({ code }) => code)).toEqual(['a']);
  answer();
  expect(drawn).toEqual(['a', 'a again']);
  answer();
  expect(drawn).toEqual(['a', 'a again', 'b']);
  expect(highlighter.runsOf('bb', 'js')).toEqual([[2, 'hljs-x']]);
  expect(workers).toHaveLength(1);
});

it('gives up what takes too long, and goes on with the rest in a new worker', () => {
  const { highlighter, workers, ready, answer, deadline, pass } = scene();
  const drawn: string[] = [];
  highlighter.runsOf('slow', 'js', () => drawn.push('slow'));
  highlighter.runsOf('next', 'js', () => drawn.push('next'));
  // Fetching the worker is not part of it.
  expect(deadline()).toBeNull();
  ready();
  expect(deadline()).toBe(DEADLINE_MS);
  pass();
  expect(workers[0]?.ended).toBe(true);
  expect(highlighter.runsOf('slow', 'js')).toBeNull();
  // An answer that comes after all changes nothing.
  workers[0]?.onmessage?.({ data: { id: 1, runs: [[4, 'hljs-late']] } });
  expect(highlighter.runsOf('slow', 'js')).toBeNull();
  ready();
  answer();
  expect(drawn).toEqual(['slow', 'next']);
  expect(deadline()).toBeNull();
  // It is not tried again.
  highlighter.runsOf('slow', 'js', () => drawn.push('again'));
  expect(workers).toHaveLength(2);
  expect(workers[1]?.jobs).toHaveLength(1);
});

it('leaves code without colours where it is too long, or there are no workers', () => {
  const { highlighter, workers } = scene();
  expect(highlighter.runsOf('x'.repeat(COLOUR_UP_TO + 1), 'js', () => {})).toBeNull();
  expect(workers).toHaveLength(0);
  const without = createHighlighter(
    () => {
      throw new Error('forbidden');
    },
    { set: () => 0, clear: () => {} },
  );
  expect(without.runsOf('a', 'js', () => {})).toBeUndefined();
  expect(without.runsOf('a', 'js', () => {})).toBeUndefined();
});
