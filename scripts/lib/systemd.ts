import { spawn } from 'node:child_process';

/** Where systemd listens. Not for the processes that we start: Postgres would say that it is ready, and be taken for all. */
const socket = process.env.NOTIFY_SOCKET;
delete process.env.NOTIFY_SOCKET;

/** Says `READY=1` or the like to systemd (deploy/lockstep.service, `Type=notify`). Does nothing without it. */
export const notifySystemd = (state: string): void => {
  if (!socket) return;
  // Node has no datagram sockets of that kind.
  spawn('systemd-notify', [state], { env: { ...process.env, NOTIFY_SOCKET: socket }, stdio: 'ignore' }).on(
    'error',
    (error) => console.error(`systemd could not be told ${state}: ${error.message}`),
  );
};
