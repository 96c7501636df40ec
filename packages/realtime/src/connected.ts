import { room } from './names.ts';
import type { Io, RealtimeDeps } from './types.ts';

/** A process that has not answered by then is left out, in ms. */
const ANSWER_MS = 1_000;

const here = (io: Io, sessionIds: string[]): string[] => {
  const { rooms } = io.of('/').adapter;
  return sessionIds.filter((id) => rooms.has(room.session(id)));
};

/** Which of these sessions have an open socket: in this process for certain, in the others as far as they answer. */
export const createConnected = (io: Io, alone: boolean, { log }: Pick<RealtimeDeps, 'log'>) => {
  io.on('connected', (sessionIds, answer) => answer(here(io, sessionIds)));

  const elsewhere = async (sessionIds: string[]): Promise<string[]> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string[][]>((resolve) => {
      timer = setTimeout(resolve, ANSWER_MS, []);
    });
    try {
      const answers = io.serverSideEmitWithAck('connected', sessionIds);
      return (await Promise.race([answers, late])).flat();
    } catch (error) {
      log.debug({ err: error }, 'push: a process did not say who is connected');
      return [];
    } finally {
      clearTimeout(timer);
    }
  };

  return async (sessionIds: string[]): Promise<ReadonlySet<string>> =>
    new Set([...here(io, sessionIds), ...(alone ? [] : await elsewhere(sessionIds))]);
};
