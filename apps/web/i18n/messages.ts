import type { Locale } from './locales.ts';

/** One file per namespace; a namespace belongs to one part of the interface. */
export const loadMessages = async (locale: Locale) => {
  const [common, auth, shell, conversation, settings, search, errors] = await Promise.all([
    import(`../messages/${locale}/common.json`),
    import(`../messages/${locale}/auth.json`),
    import(`../messages/${locale}/shell.json`),
    import(`../messages/${locale}/conversation.json`),
    import(`../messages/${locale}/settings.json`),
    import(`../messages/${locale}/search.json`),
    import(`../messages/${locale}/errors.json`),
  ]);
  return {
    common: common.default,
    auth: auth.default,
    shell: shell.default,
    conversation: conversation.default,
    settings: settings.default,
    search: search.default,
    errors: errors.default,
  };
};
