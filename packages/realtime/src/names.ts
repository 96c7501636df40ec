/** Rooms of Socket.IO. Everyone who is signed in, members of a conversation, devices of a person, one session, and who watches a person's presence. */
export const room = {
  everyone: 'all',
  conversation: (id: string) => `c:${id}`,
  person: (id: string) => `u:${id}`,
  session: (id: string) => `s:${id}`,
  watchers: (userId: string) => `p:${userId}`,
} as const;
