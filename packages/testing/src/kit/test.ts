import { LockstepError } from '@lockstep/protocol';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  devices as models,
} from '@playwright/test';
import { Device } from './device.ts';
import { isInstallation, markAsTested, withinLimits } from './installation.ts';
import { Network } from './network.ts';
import { type Person, refused, signUpPerson } from './people.ts';

/** What the devices of one person are made of. */
interface DeviceOptions {
  /** How far the clock of this device is ahead of ours, in ms; below 0: behind. */
  clock?: number;
  /** For the browser context, such as `locale`, or `serviceWorkers: 'allow'` for what needs the one of the product. */
  context?: BrowserContextOptions;
}

export interface Devices {
  /** A browser of its own, 1440 × 900. */
  laptop: Device;
  /** A browser of its own, small and with touch. */
  phone: Device;
  /** A second tab in the laptop's browser: the same storage, the same sign-in, the same network. */
  tab: Device;
}

interface Kit {
  /** Address of the server; `LOCKSTEP_URL` by default. */
  serverUrl: string;
  /** New accounts, one for each name. */
  people: <N extends string[]>(...names: [...N]) => Promise<{ [K in keyof N]: Person }>;
  /** Signed in on three devices, all at the list of conversations. */
  devices: (person: Person, options?: { laptop?: DeviceOptions; phone?: DeviceOptions }) => Promise<Devices>;
  /** Signed in on one more device. */
  device: (person: Person, kind: 'laptop' | 'phone', options?: DeviceOptions) => Promise<Device>;
}

const { defaultBrowserType: _, ...iPhone } = models['iPhone 13'];
const KINDS: Record<'laptop' | 'phone', BrowserContextOptions> = {
  laptop: { viewport: { width: 1440, height: 900 } },
  phone: { ...iPhone, viewport: { width: 390, height: 844 } },
};

/** Of the server that playwright.config.ts has started, or that `npm run e2e -- --url` names. */
const serverAddress = (): string => {
  const url = process.env.LOCKSTEP_URL;
  if (!url) throw new Error('LOCKSTEP_URL is not set: run through playwright.config.ts, which starts it');
  return url;
};

/** A browser of one's own, with its own cookies, storage and network, in which nobody is signed in. */
export const openBrowser = async (
  browser: Browser,
  kind: 'laptop' | 'phone',
  { baseURL = serverAddress(), ...options }: BrowserContextOptions = {},
): Promise<BrowserContext> => {
  const own = { ...KINDS[kind], baseURL, locale: 'en-GB', timezoneId: 'UTC', ...options };
  const context = await browser.newContext(own);
  if (isInstallation()) await context.addInitScript(markAsTested);
  return context;
};

/** Runs in each page before anything else: what asks for the time gets it `ms` later than it is. */
const skewClock = (ms: number) => {
  const RealDate = Date;
  class SkewedDate extends RealDate {
    constructor(...given: unknown[]) {
      if (given.length === 0) super(RealDate.now() + ms);
      else super(...(given as [number]));
    }
    static override now = () => RealDate.now() + ms;
  }
  globalThis.Date = SkewedDate as DateConstructor;
};

/**
 * Playwright's `test`, with people and their devices as fixtures. All contexts are closed at the end of each test.
 * docs/testing.md has the how-to.
 */
export const test = base.extend<Kit>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
  serverUrl: async ({}, use) => use(serverAddress()),

  people: async ({ serverUrl: url }, use) => {
    await use((async (...names: string[]) =>
      Promise.all(names.map((name) => signUpPerson(url, name)))) as Kit['people']);
  },

  device: async ({ serverUrl: url, browser }, use) => {
    const contexts: BrowserContext[] = [];
    const made: Device[] = [];
    await use(async (person, kind, { clock, context: options } = {}) => {
      const context = await openBrowser(browser, kind, {
        baseURL: url,
        // It would fetch the whole build for every device, and hide what it answers from the switches.
        serviceWorkers: 'block',
        ...options,
      });
      contexts.push(context);
      if (clock) await context.addInitScript(skewClock, clock);
      // With the name of this browser, and its cookie where it belongs.
      const { email, password } = person;
      await withinLimits(async () => {
        const answer = await context.request.post('/api/trpc/auth.signIn', { data: { email, password } });
        if (!answer.ok()) throw refused('auth.signIn', answer.status(), await answer.text());
      });
      const device = await openTab(context, person, kind);
      made.push(device);
      return device;
    });
    await Promise.all(made.map(({ network }) => network.release()));
    await Promise.all(contexts.map((context) => context.close()));
  },

  devices: async ({ device }, use) => {
    await use(async (person, options = {}) => {
      const [laptop, phone] = await Promise.all([
        device(person, 'laptop', options.laptop),
        device(person, 'phone', options.phone),
      ]);
      return { laptop, phone, tab: await openTab(laptop.context, person, 'tab') };
    });
  },
});

const openTab = async (context: BrowserContext, person: Person, kind: string): Promise<Device> => {
  const page = await context.newPage();
  const network = await Network.between(context, page);
  await withinLimits(async () => {
    const answer = await page.goto('/');
    if (answer?.status() !== 429) return;
    const retryAfterMs = 1_000 * Number(answer.headers()['retry-after'] ?? 1);
    throw new LockstepError('rate_limited', 'pages', { retryAfterMs });
  });
  const device = new Device(`${person.name}’s ${kind}`, person, context, page, network);
  await page.waitForFunction(() => globalThis.__lockstep?.inspect().caughtUp);
  return device;
};
