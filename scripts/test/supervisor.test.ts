import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { type Instance, Supervisor } from '../lib/supervisor.ts';

interface Process extends Instance {
  process: ChildProcess;
}

const processes: ChildProcess[] = [];
afterEach(() => {
  for (const child of processes.splice(0)) child.kill('SIGKILL');
});

const run = async (script = 'setInterval(() => {}, 1e6)'): Promise<Process> => {
  const child = spawn(process.execPath, ['-e', script]);
  processes.push(child);
  const ended = once(child, 'exit').then(([code, signal]) => `ended with ${signal ?? code}`);
  return {
    process: child,
    ended,
    reason: () => 'its last line',
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
};

const supervise = (settled = true) => {
  const said: string[] = [];
  const supervisor = new Supervisor((line) => said.push(line));
  supervisor.settled = settled;
  /** Resolves when `condition` holds after a change. */
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => condition() && resolve();
      supervisor.onChange(look);
      look();
    });
  return { supervisor, said, until };
};

describe('a part of the product', () => {
  it('that is killed is started again, said, and counted', async () => {
    const { supervisor, said, until } = supervise();
    const part = supervisor.add('The worker', () => run());
    await part.start();
    const first = part.instance;
    expect(supervisor.states()).toEqual([
      { name: 'The worker', running: true, failures: 0, lastFailure: null },
    ]);
    first.process.kill('SIGKILL');
    await until(() => part.state.failures === 1 && part.state.running);
    expect(part.instance).not.toBe(first);
    expect(said).toEqual(['The worker ended with SIGKILL; it is started again. No message is lost.']);
    expect(part.state.lastFailure).toEqual({ how: 'ended with SIGKILL', at: expect.stringMatching(/Z$/) });
    await part.stop();
  });

  it('that is stopped stays stopped, also while it waits to be started again', async () => {
    const { supervisor, said, until } = supervise();
    const part = supervisor.add('The worker', () => run());
    await part.start();
    await part.stop();
    expect(part.state).toMatchObject({ running: false, failures: 0 });
    await part.start();
    part.instance.process.kill('SIGKILL');
    await until(() => part.state.failures === 1);
    await part.stop();
    expect([processes.length, said.length]).toEqual([2, 1]);
  });

  it('ends everything when it fails three times within a minute, with its last lines', async () => {
    const { supervisor, said } = supervise();
    const part = supervisor.add('The web process', () => run('process.exit(3)'));
    await part.start();
    await expect(supervisor.broken).rejects.toThrow(
      'its last line\n\nThe web process ended with 3 (3 times within a minute): see above. Everything is stopped',
    );
    expect([processes.length, said.length]).toEqual([3, 2]);
  });

  it('ends everything when it cannot be started again', async () => {
    const { supervisor } = supervise();
    let starts = 0;
    const part = supervisor.add('Postgres', async () => {
      starts++;
      if (starts > 1) throw new Error('no room');
      return run('process.exit(0)');
    });
    await part.start();
    await expect(supervisor.broken).rejects.toThrow(
      /^no room\n\nPostgres could not be started again \(3 times/,
    );
  });

  it('that is blocked is retried until it runs, and this does not count as a failure', async () => {
    const { supervisor, said, until } = supervise();
    let full: string | null = null;
    let starts = 0;
    const part = supervisor.add(
      'Postgres',
      async () => {
        starts++;
        if (full && starts < 4) throw new Error('no room');
        full = null;
        return run();
      },
      () => full,
    );
    await part.start();
    full = 'The disk is full';
    part.instance.process.kill('SIGKILL');
    await until(() => starts === 4 && part.state.running);
    expect(said).toEqual([
      'Postgres ended with SIGKILL. The disk is full: it is started again as soon as it can. No message is lost.',
      'Postgres is running again.',
    ]);
    await part.stop();
  }, 60_000);

  it('that ends before all are up ends the start: what is wrong then stays wrong', async () => {
    const { supervisor } = supervise(false);
    const part = supervisor.add('The web process', () => run('process.exit(1)'));
    await part.start();
    await expect(supervisor.broken).rejects.toThrow('The web process ended with 1: see above');
    expect(processes).toHaveLength(1);
  });

  it('reports why it could not be started at first', async () => {
    const { supervisor } = supervise(false);
    const part = supervisor.add('Postgres', () => Promise.reject(new Error('another version')));
    await expect(part.start()).rejects.toThrow('another version');
  });
});
