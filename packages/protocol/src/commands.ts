import { z } from 'zod';
import { bounded } from './bounded.ts';
import { visibility } from './conversation.ts';
import { email } from './email.ts';
import { id } from './ids.ts';
import { LIMITS } from './limits.ts';
import { line, messageBody, raw } from './text.ts';

// Inputs that forms check before a call, and scripts without one; the contract is built from them. A page that needs
// one loads only these, not the whole contract.

export const title = line(LIMITS.conversationTitle);
export const topic = line(LIMITS.conversationTopic);
export const personName = line(LIMITS.personName);
export { email };
export const password = bounded(z.string().min(LIMITS.passwordMin).max(LIMITS.passwordMax));
/** The password at sign-in: an old one may be shorter than new ones must be. */
export const currentPassword = bounded(z.string().max(LIMITS.passwordMax));
export const messageText = messageBody();
export const draftText = raw(LIMITS.draftText);
/** People that one call may bring into a conversation. */
export const newMembers = bounded(z.array(id).max(LIMITS.addMembers));

export const signUp = z.strictObject({
  name: personName,
  email,
  password,
  /** The code of an invitation link; needed where sign-up is by invitation. */
  invitation: bounded(z.string().max(64)).optional(),
  /** The code that the server printed; required for the first account if it is created from another machine. */
  code: bounded(z.string().max(64)).optional(),
});
export const signIn = z.strictObject({ email, password: currentPassword });
export const changePassword = z.strictObject({ current: currentPassword, password });
/** `code`: of a link that an admin has made. */
export const resetPassword = z.strictObject({ code: bounded(z.string().min(1).max(64)), password });
export const createGroup = z.strictObject({ title, userIds: newMembers });
export const createChannel = z.strictObject({
  title,
  topic: topic.nullish(),
  visibility,
  userIds: newMembers.default([]),
});
export const renameDevice = z.strictObject({ deviceId: id, name: line(LIMITS.deviceName) });
