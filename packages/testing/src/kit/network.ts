import type { BrowserContext, CDPSession, Page, Route, WebSocketRoute } from '@playwright/test';
import { seeded } from '../sim/random.ts';

const API = '**/api/trpc/**';
/** A Socket.IO event, in Engine.IO's framing: 4 message, 2 event. Handshake and pings begin otherwise. */
const EVENT = '42';

export interface Loss {
  /** Share of calls that never reach the server. */
  requests?: number;
  /** Share of calls that the server carries out and whose answer is lost: the outcome is unknown to the device. */
  answers?: number;
  /** Share of pushes that are dropped. */
  pushes?: number;
  /** The same seed loses the same ones, as long as the calls come in the same order. */
  seed?: number;
}

/** The simulated network between a page and the server. Each switch undoes the one before it; `online` undoes all. */
export class Network {
  readonly #sockets = new Set<{ page: WebSocketRoute; server: WebSocketRoute }>();
  #frame: (pass: () => void) => void = (pass) => pass();
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
    this.#frame = (pass) => pass();
    this.#blocked = false;
    if (this.#dead) await this.#wake();
    await this.context.setOffline(false);
  }

  /** Every call and every push takes `ms` longer. */
  async slow(ms: number): Promise<void> {
    await this.online();
    this.#frame = (pass) => void setTimeout(pass, ms);
    await this.page.route(API, (route) => void setTimeout(() => ignoreClosed(route.continue()), ms));
  }

  /** Calls fail before or after the server has seen them, pushes are dropped. */
  async lossy({ requests = 0.3, answers = 0.2, pushes = 0.5, seed = 1 }: Loss = {}): Promise<void> {
    await this.online();
    const random = seeded(seed);
    this.#frame = (pass) => void (random() < pushes || pass());
    await this.page.route(API, (route) => lose(route, random(), requests, answers));
  }

  /** Sockets stay open and bring nothing: every push is lost and nobody notices (rule 9). */
  async losePushes(): Promise<void> {
    await this.online();
    this.#frame = () => {};
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
      if (String(message).startsWith(EVENT)) this.#frame(() => page.send(message));
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

const lose = async (route: Route, dice: number, requests: number, answers: number): Promise<void> => {
  if (dice < requests) return ignoreClosed(route.abort('connectionfailed'));
  if (dice < requests + answers) {
    await ignoreClosed(route.fetch());
    return ignoreClosed(route.abort('connectionreset'));
  }
  return ignoreClosed(route.continue());
};

/** The page may be gone by the time a delayed thing happens to it. */
const ignoreClosed = async (work: Promise<unknown>): Promise<void> => {
  await work.catch(() => {});
};
