import type { Core } from '@lockstep/core';
import { readUsage } from '@lockstep/db';

const WIDTH = 14;

/** How much the workspace is used, one kind a line. Counts only: nobody is named. */
export const printUsage = async (core: Core, print: (line: string) => void): Promise<void> => {
  const usage = await readUsage(core.db);
  const { people, conversations } = usage;
  const lines: [what: string, how: string][] = [
    [
      'People',
      `${people.active} active, ${people.admins} of them admins; ${people.deactivated} deactivated, ${people.imported} only in imports`,
    ],
    ['Were there', spans(usage.seen)],
    ['Devices', `${usage.devices} signed in`],
    [
      'Conversations',
      `${conversations.direct ?? 0} one-to-one, ${conversations.group ?? 0} groups, ${conversations.channel ?? 0} channels`,
    ],
    ['Messages', `${usage.messages}; ${spans(usage.written)}`],
    [
      'Database',
      `${size(usage.databaseBytes)}; largest: ${usage.tables.map(({ name, bytes }) => `${name} ${size(bytes)}`).join(', ')}`,
    ],
  ];
  for (const [what, how] of lines) print(`${what.padEnd(WIDTH)} ${how}`);
};

const spans = ([day, week, month]: readonly number[]): string =>
  `${day} within a day, ${week} within 7, ${month} within 30`;

const size = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;
