import { tcpProxy } from '@lockstep/testing/proxy';

/** A TCP proxy that counts what passes, headers and frames included, in bytes. */
export const countingProxy = async (port: number) => {
  const bytes = { up: 0, down: 0 };
  const count = (way: 'up' | 'down') => (data: Buffer) => {
    bytes[way] += data.length;
    return true;
  };
  const passing = { up: count('up'), down: count('down') };
  return { ...(await tcpProxy({ host: '127.0.0.1', port }, () => passing)), bytes };
};
