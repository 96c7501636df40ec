import type { Message } from '@lockstep/protocol';

export type TextMessage = Message & { body: string };

/** Whether there is anything in it to search: neither recalled nor a message of the system. */
export const hasText = (message: Message): message is TextMessage =>
  message.body !== null && message.system === null;
