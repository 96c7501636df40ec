/** The sections of the settings, by the last part of their address; the first is where /settings leads. */
export const SECTIONS = ['devices', 'password', 'writing'] as const;
export type Section = (typeof SECTIONS)[number];

export const isSection = (value: string): value is Section => SECTIONS.includes(value as Section);

export const settingsPath = (section: Section = SECTIONS[0]): string => `/settings/${section}`;

/** The section that an address shows; null outside of the settings, and where it names none. */
export const sectionOf = (pathname: string): Section | null => {
  if (pathname === '/settings' || pathname === '/settings/') return SECTIONS[0];
  const name = /^\/settings\/([a-z]+)\/?$/.exec(pathname)?.[1] ?? '';
  return isSection(name) ? name : null;
};
