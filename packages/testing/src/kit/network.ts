import { DEAF, type Faults, FaultyLink, LOSSY, NO_FAULTS } from '@lockstep/sync/faults';
import type { BrowserContext, CDPSession, Page, Route, WebSocketRoute } from '@playwright/test';
import { seeded } from '../sim/random.ts';

const API = '**/api/trpc/**';
/** A Socket.IO event, in Engine.IO's framing: 4 message, 2 event. Handshake and pings begin otherwise. */
const EVENT = '42';

/** What of the faults of `LOSSY` is otherwise. The same seed loses the same ones, as long as the calls come in the same order. */
type Loss = Partial<Faults> & { seed?: number };

/** The simulated network between a page and the server. Each switch undoes the one before it; `online` undoes all. */
export class Network {
  readonly #sockets = new Set<{ page: WebSocketRoute; server: WebSocketRoute }>();
  #push: (deliver: () => void) => void = (deliver) => deliver();
  #blocked = false;
  #dead = false;
  #cdp: CDPSession | null = null;

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  /** Before the page goes anywhere: sockets that are open already are out of reach. */
  static async between(context: BrowserContext, page: Page): Promise<Network> {
    const network = new Network(context, page);
    await page.routeWebSocket(/\/socket\.io\//, (socket) => network.#relay(socket));
    return network;
  }

  /** No network at all, as the browser itself says it: also for the other tabs of this browser. */
  async offline(): Promise<void> {
    await this.online();
    await this.context.setOffline(true);
  }

  async online(): Promise<void> {
    await this.page.unroute(API);
    this.#push = (deliver) => deliver();
    this.#blocked = false;
    if (this.#dead) await this.#wake();
    await this.context.setOffline(false);
  }

  /** Every push takes `ms` longer, and so does each way of a call. */
  slow(ms: number): Promise<void> {
    return this.#use({ ...NO_FAULTS, delayMs: ms });
  }

  /** Calls fail before or after the server has seen them, pushes are dropped. */
  lossy({ seed, ...faults }: Loss = {}): Promise<void> {
    return this.#use({ ...LOSSY, ...faults }, seed);
  }

  /** Sockets stay open and bring nothing: every push is lost and nobody notices (rule 9). */
  losePushes(): Promise<void> {
    return this.#use(DEAF);
  }

  async #use(faults: Faults, seed = 1): Promise<void> {
    await this.online();
    const link = new FaultyLink({ random: seeded(seed) });
    link.network.faults = faults;
    this.#push = link.pushes();
    await this.page.route(API, (route) => through(link, route));
  }

  /** Sockets are refused, as by a proxy that knows only HTTP; calls work. */
  async blockPush(): Promise<void> {
    await this.online();
    this.#blocked = true;
    await this.#closeAll();
  }

  /**
   * The machine sleeps: nothing runs in the page and nothing arrives, without an event. The page cannot be inspected
   * until `online`; then its old socket is dead, as Socket.IO's own timer finds after a longer sleep.
   */
  async asleep(): Promise<void> {
    await this.online();
    this.#dead = true;
    // Chromium freezes no page that is in view, so its debugger holds it.
    this.#cdp ??= await this.context.newCDPSession(this.page);
    const cdp = this.#cdp;
    await cdp.send('Debugger.enable');
    const paused = new Promise<void>((done) => cdp.once('Debugger.paused', () => done()));
    void ignoreClosed(cdp.send('Runtime.evaluate', { expression: 'debugger' }));
    await paused;
  }

  async #wake(): Promise<void> {
    await this.#cdp?.send('Debugger.disable');
    this.#dead = false;
    await this.#closeAll();
  }

  /** A page that is held by the debugger would hold up the end of its browser. */
  async release(): Promise<void> {
    if (this.#dead) await ignoreClosed(this.#wake());
  }

  #relay(page: WebSocketRoute): void {
    if (this.#blocked) return void page.close({ code: 1011, reason: 'blocked by the test' });
    const server = page.connectToServer();
    const pair = { page, server };
    this.#sockets.add(pair);
    page.onMessage((message) => {
      if (!this.#dead) server.send(message);
    });
    server.onMessage((message) => {
      if (this.#dead) return;
      if (String(message).startsWith(EVENT)) this.#push(() => page.send(message));
      else page.send(message);
    });
    const forget = (other: WebSocketRoute) => {
      this.#sockets.delete(pair);
      void ignoreClosed(other.close());
    };
    page.onClose(() => forget(server));
    server.onClose(() => forget(page));
  }

  async #closeAll(): Promise<void> {
    for (const { page, server } of this.#sockets) {
      await ignoreClosed(Promise.all([page.close({ code: 1011 }), server.close()]));
    }
    this.#sockets.clear();
  }
}

const through = async (link: FaultyLink, route: Route): Promise<void> => {
  try {
    const response = await link.call(route.request().url(), () => route.fetch({ timeout: 0 }));
    await ignoreClosed(route.fulfill({ response }));
  } catch {
    await ignoreClosed(route.abort('connectionfailed'));
  }
};

/** The page may be gone by the time a delayed thing happens to it. */
const ignoreClosed = async (work: Promise<unknown>): Promise<void> => {
  await work.catch(() => {});
};
