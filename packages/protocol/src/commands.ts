import { z } from 'zod';
import { bounded } from './bounded.ts';
import { email } from './email.ts';
import { id, millis, pos, rev, seq } from './ids.ts';
import { LIMITS } from './limits.ts';
import { PEOPLE_FILTERS, WORKSPACE_ROLES } from './person.ts';
import { line, messageBody, raw } from './text.ts';

export {
  cancelExport,
  createExport,
  downloadExport,
  historyVersions,
  listAudit,
  looksInto,
  openHistory,
  retryExport,
  searchHistory,
  setEarlierTexts,
  setTellLooks,
  verifyAudit,
} from './admin.ts';
export { forgetSearch, noteSearch, saveSearch, unsaveSearch } from './saved-search.ts';
export { countSearch, searchFacets, searchMessages } from './search.ts';

/** Inputs of the API, one per verb. Unknown keys are refused, so that a misspelt one is not silently ignored. */

const limit = z.int().min(1).max(LIMITS.page).default(50);
export const title = line(LIMITS.conversationTitle);
export const topic = line(LIMITS.conversationTopic);
export const personName = line(LIMITS.personName);
export { email };
export const password = bounded(z.string().min(LIMITS.passwordMin).max(LIMITS.passwordMax));
export const messageText = messageBody();
export const draftText = raw(LIMITS.draftText);
export const role = z.enum(['owner', 'admin', 'member']);
export const visibility = z.enum(['public', 'private']);

const inConversation = { conversationId: id };
const ofMessage = { conversationId: id, seq: seq.min(1) };
const userIds = bounded(z.array(id).max(LIMITS.addMembers));

// Messages
export const sendMessage = z.strictObject({ ...inConversation, clientId: id, body: messageText });
/**
 * `baseEditedAt` is the `editedAt` of the message that the text was written on top of. Where it has another one by now,
 * the answer is `conflict`. Without it the last one wins.
 */
export const editMessage = z.strictObject({
  ...ofMessage,
  body: messageText,
  baseEditedAt: millis.nullable().optional(),
});
export const recallMessage = z.strictObject(ofMessage);
export const messageVersions = z.strictObject(ofMessage);
/** `seq` is exclusive; leave it out for the newest page. */
export const messagesBefore = z.strictObject({ ...inConversation, seq: seq.optional(), limit });
export const messagesAfter = z.strictObject({ ...inConversation, seq, limit });
export const messagesAround = z.strictObject({ ...inConversation, seq, limit });

// Sync
export const pullInbox = z.strictObject({
  afterPos: pos,
  limit: z.int().min(1).max(LIMITS.inboxPage).default(LIMITS.inboxPage),
  /** Whose changes are wanted too, the one on screen first. */
  timelines: bounded(
    z.array(z.strictObject({ ...inConversation, afterRev: rev })).max(LIMITS.inboxTimelines),
  ).default([]),
  /** The changes of people that are applied; null by a device that holds nobody yet. Left out: not asked for. */
  peopleRev: rev.nullable().optional(),
});
export const pullChanges = z.strictObject({ ...inConversation, afterRev: rev, limit });
export const setReadPosition = z.strictObject({ ...inConversation, seq });
/** What is personal about a conversation; what is left out stays as it is. */
export const setPersonal = z.strictObject({
  ...inConversation,
  markedUnread: z.boolean().optional(),
  mutedUntil: millis.nullable().optional(),
  pinned: z.boolean().optional(),
  archived: z.boolean().optional(),
  placeSeq: seq.nullable().optional(),
});
/** `text` as it stands in the composer, also blank. `baseVersion` is the version that it was written on top of. */
export const setDraft = z.strictObject({
  ...inConversation,
  text: draftText,
  baseVersion: z.int().min(0).max(2_147_483_647),
});
export const listReceipts = z.strictObject(inConversation);
/** The first message at or after a time. */
export const messageAtTime = z.strictObject({ ...inConversation, at: millis });
/** Digests of the whole list, and of these runs of messages, by `seq`, both ends inclusive (rule 12). */
export const pullDigest = z.strictObject({
  ranges: bounded(
    z.array(z.strictObject({ ...inConversation, from: seq.min(1), to: seq.min(1) })).max(LIMITS.page),
  ).default([]),
});

// Devices
export const renameDevice = z.strictObject({ deviceId: id, name: line(LIMITS.deviceName) });
export const revokeDevice = z.strictObject({ deviceId: id });

// Conversations
export const getConversation = z.strictObject(inConversation);
export const listMembers = z.strictObject({ ...inConversation, afterUserId: id.optional(), limit });
export const openDirect = z.strictObject({ userId: id });
export const createGroup = z.strictObject({ title, userIds });
export const createChannel = z.strictObject({
  title,
  topic: topic.nullish(),
  visibility,
  userIds: userIds.default([]),
});
export const renameConversation = z.strictObject({ ...inConversation, title });
export const setTopic = z.strictObject({ ...inConversation, topic: topic.nullable() });
export const browseChannels = z.strictObject({
  query: bounded(z.string().max(LIMITS.query)).default(''),
  offset: z.int().min(0).max(10_000).default(0),
  limit,
});
export const joinChannel = z.strictObject(inConversation);
export const leaveConversation = z.strictObject(inConversation);
export const addMembers = z.strictObject({ ...inConversation, userIds: bounded(userIds.min(1)) });
export const removeMember = z.strictObject({ ...inConversation, userId: id });
export const setRole = z.strictObject({ ...inConversation, userId: id, role });

// People
export const searchPeople = z.strictObject({
  query: bounded(z.string().max(LIMITS.query)),
  limit,
  /** Leaves out who was deactivated: for choosing whom to write to. */
  active: z.boolean().default(false),
});
/** What has changed of people after a `rev`. */
export const pullPeople = z.strictObject({ afterRev: rev.nullable(), limit });
export const getPeople = z.strictObject({ userIds: bounded(z.array(id).max(LIMITS.page)) });
export const renameMe = z.strictObject({ name: personName });

// Getting in
export const signUp = z.strictObject({
  name: personName,
  email,
  password,
  /** The code of an invitation link; needed where sign-up is by invitation. */
  invitation: bounded(z.string().max(64)).optional(),
  /** The code that the server printed; needed for the first account, when it is made from another machine. */
  code: bounded(z.string().max(64)).optional(),
});
/** Whether a password would do, while it is typed. */
export const checkPassword = z.strictObject({
  password: bounded(z.string().max(LIMITS.passwordMax)),
  name: bounded(z.string().max(2 * LIMITS.personName)).default(''),
  email: bounded(z.string().max(LIMITS.email)).default(''),
});
export const signIn = z.strictObject({ email, password: bounded(z.string().max(LIMITS.passwordMax)) });

export const changePassword = z.strictObject({
  current: bounded(z.string().max(LIMITS.passwordMax)),
  password,
});
/** The code of a link that an admin has made. */
const resetCode = bounded(z.string().min(1).max(64));
export const resetPassword = z.strictObject({ code: resetCode, password });

// The workspace (admins)
export const listPeople = z.strictObject({
  /** Of a name or an e-mail. */
  query: bounded(z.string().max(LIMITS.query)).default(''),
  filter: z.enum(PEOPLE_FILTERS).default('active'),
  /** The id of the last person of the page before. */
  after: id.optional(),
  limit,
});
export const setPersonRole = z.strictObject({ userId: id, role: z.enum(WORKSPACE_ROLES) });
export const setPersonActive = z.strictObject({ userId: id, active: z.boolean() });
export const endPersonSessions = z.strictObject({ userId: id });
export const makeResetLink = z.strictObject({ userId: id });
export const setSignUp = z.strictObject({ mode: z.enum(['open', 'invitation']) });
export const createInvitation = z.strictObject({
  /** Days until it expires. */
  days: z.int().min(1).max(90).default(7),
  /** How many people may use it. */
  uses: z.int().min(1).max(1_000).default(1),
  /** A placeholder person whose name and messages the new account takes over. */
  claims: id.optional(),
});
export const revokeInvitation = z.strictObject({ invitationId: id });
