import type admin from '../messages/en/admin.json';
import type auth from '../messages/en/auth.json';
import type common from '../messages/en/common.json';
import type conversation from '../messages/en/conversation.json';
import type errors from '../messages/en/errors.json';
import type lab from '../messages/en/lab.json';
import type search from '../messages/en/search.json';
import type settings from '../messages/en/settings.json';
import type shell from '../messages/en/shell.json';
import type { Locale } from './locales.ts';

/** A key that is not in the English messages is a type error. */
declare module 'next-intl' {
  interface AppConfig {
    Locale: Locale;
    Messages: {
      admin: typeof admin;
      common: typeof common;
      auth: typeof auth;
      shell: typeof shell;
      conversation: typeof conversation;
      search: typeof search;
      settings: typeof settings;
      errors: typeof errors;
      lab: typeof lab;
    };
  }
}
