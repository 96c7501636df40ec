/** Who works at Trailhead, the invented maker of offline maps for rangers. Keys are those of threads/*.md. */
export const CAST = {
  ann: 'Ann Keller',
  bo: 'Bo Lindqvist',
  jing: '陈静',
  hao: '林浩',
  priya: 'Priya Raman',
  mateo: 'Mateo Silva',
  grace: 'Grace Okafor',
  xue: '王雪',
  tomas: 'Tomás Rey',
  yuki: 'Yuki Tanaka',
  sam: 'Sam Whitfield',
  dana: 'Dana Novak',
  build: 'Build',
} as const;

export type Key = keyof typeof CAST;

export const isKey = (text: string): text is Key => Object.hasOwn(CAST, text);

/** A domain that can never be anyone's (RFC 6762, `.local`). */
export const emailOf = (key: Key): string => `${key}@demo.lockstep.local`;

/** Those whose sign-ins are shown: the admin, and an ordinary member to talk with. */
export const SIGN_INS = ['ann', 'bo'] as const satisfies readonly Key[];
