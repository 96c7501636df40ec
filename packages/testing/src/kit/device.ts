import type { Conversation } from '@lockstep/protocol';
import type { Inspection } from '@lockstep/sync';
import { type BrowserContext, type CDPSession, expect, type Locator, type Page } from '@playwright/test';
import type { Network } from './network.ts';
import type { Person } from './people.ts';

/** A message as a person sees it. */
export interface Shown {
  /** Null while it is on its way. */
  seq: number | null;
  state: 'sent' | 'pending' | 'failed' | 'recalled' | 'system';
  text: string;
}

type ConversationRef = Pick<Conversation, 'id'>;

/** One browser tab of one person: what they do with it, what they see in it, and what it holds. */
export class Device {
  #cdp: CDPSession | null = null;

  constructor(
    /** `laptop`, `phone` or `tab`, with the person's name: for messages of failures. */
    readonly name: string,
    readonly person: Person,
    readonly context: BrowserContext,
    readonly page: Page,
    readonly network: Network,
  ) {}

  // What a person does.

  /** Opens a conversation from the list, as a person does, and waits until it stands still. */
  async open({ id }: ConversationRef): Promise<void> {
    const row = this.row({ id });
    if (new URL(this.page.url()).pathname !== `/c/${id}`) {
      // On a phone the list is behind the conversation.
      if (!(await row.isVisible()) && new URL(this.page.url()).pathname !== '/') await this.home();
      await row.click();
    }
    await expect(this.settled).toBeVisible();
  }

  /** The list of conversations. */
  async home(): Promise<void> {
    await this.page.evaluate(() => window.history.pushState(null, '', '/'));
    await expect(this.page.locator('[data-row]').first()).toBeVisible();
  }

  /** Writes and sends; returns at once, whatever becomes of the message. */
  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.submit();
    await expect(this.composer).toHaveValue('');
  }

  /** Sends or saves what stands in the composer: by Enter, or by the button where Enter begins a line. */
  async submit(): Promise<void> {
    const touch = await this.page.evaluate(() => matchMedia('(pointer: coarse)').matches);
    if (touch) await this.page.getByTestId('send').click();
    else await this.composer.press('Enter');
  }

  /** Writes without sending. */
  async write(text: string): Promise<void> {
    await this.composer.fill(text);
  }

  /** Edits the message that has this text. */
  async edit(text: string, into: string): Promise<void> {
    await this.press(text, 'e');
    await expect(this.composer).toHaveValue(text);
    await this.composer.fill(into);
    await this.submit();
  }

  async recall(text: string): Promise<void> {
    await this.press(text, 'Delete');
    await this.page.getByRole('alertdialog').getByRole('button', { name: 'Recall' }).click();
  }

  /** A key on a message, once the server has it: before, there is nothing to edit or recall. */
  async press(text: string, key: string): Promise<void> {
    await expect(this.said(text)).toHaveAttribute('data-state', 'sent');
    await this.said(text).focus();
    await this.said(text).press(key);
  }

  /** By the menu of its row in the list. */
  async markUnread(conversation: ConversationRef): Promise<void> {
    await this.row(conversation).hover();
    await this.row(conversation).locator('..').getByTestId('row-menu').click();
    await this.page.getByTestId('menu-toggle-read').click();
  }

  // What a person sees.

  /** The messages in the page, in order; of a long conversation, those near what is in view. */
  async messages(): Promise<Shown[]> {
    // A row that was just added is hidden until it is measured, and what is hidden has no text.
    await this.page.waitForFunction(() =>
      [...document.querySelectorAll('[data-testid="message"]')].every((row) =>
        row.checkVisibility({ visibilityProperty: true }),
      ),
    );
    return this.page.getByTestId('message').evaluateAll((rows) =>
      (rows as HTMLElement[]).map((row) => ({
        seq: row.dataset.seq ? Number(row.dataset.seq) : null,
        state: row.dataset.state as 'sent',
        text: row.querySelector<HTMLElement>('[data-testid="message-body"]')?.innerText.trim() ?? '',
      })),
    );
  }

  /** The texts of what is sent, pending or failed. */
  async texts(): Promise<string[]> {
    const said = (await this.messages()).filter(({ state }) => state !== 'system' && state !== 'recalled');
    return said.map(({ text }) => text);
  }

  /** Scrolls up to the first message; the `seq` of each message that came by, ascending. */
  async scrollToStart(): Promise<number[]> {
    const seen = await this.page.getByTestId('timeline').evaluate(scrollUp);
    return seen.sort((a, b) => a - b);
  }

  /** Shows who is in the open conversation, beside it on a wide screen. */
  openMembers(): Promise<void> {
    return this.page
      .getByRole('button', { name: /member/i })
      .first()
      .click();
  }

  /** What stands in the composer. */
  draft(): Promise<string> {
    return this.composer.inputValue();
  }

  /** What the list shows beside a conversation: `3`, `99+`, `•` for marked as unread, '' for nothing. */
  badge(conversation: ConversationRef): Promise<string> {
    // In one look: between two the badge may go, and a locator waits for it to come back.
    return this.row(conversation)
      .getByTestId('badge')
      .evaluateAll(([badge]) => {
        if (!badge) return '';
        if (badge.getAttribute('data-kind') !== 'count') return '•';
        return (badge.querySelector('[data-testid="unread-badge"]') as HTMLElement).innerText.trim();
      });
  }

  get composer(): Locator {
    return this.page.getByTestId('composer');
  }

  /** The conversation in the list. */
  row({ id }: ConversationRef): Locator {
    return this.page.locator(`[data-row="${id}"]`);
  }

  /** The messages that hold this text. */
  said(text: string): Locator {
    return this.page.getByTestId('message').filter({ hasText: text });
  }

  /** The open conversation, once it stands still; an empty one stands at once. */
  get settled(): Locator {
    return this.page
      .locator('[data-testid=timeline][data-settled=true], [data-testid=timeline-empty]')
      .first();
  }

  /** Whether the newest message stands at the lower edge, as it does until someone scrolls up. */
  isAtEnd(): Promise<boolean> {
    return this.page
      .getByTestId('timeline')
      .evaluate((scroller) => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight <= 1);
  }

  // What it holds.

  /** Null on the sign-in page or while loading. */
  inspect(): Promise<Inspection | null> {
    return this.page.evaluate(() => globalThis.__lockstep?.inspect() ?? null);
  }

  /** Names of the databases in this browser. */
  databases(): Promise<string[]> {
    return this.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? ''));
  }

  // How it is connected: see Network.

  offline = () => this.network.offline();
  online = () => this.network.online();
  slow = (ms = 1_000) => this.network.slow(ms);
  lossy: Network['lossy'] = (loss) => this.network.lossy(loss);
  losePushes = () => this.network.losePushes();
  blockPush = () => this.network.blockPush();
  asleep = () => this.network.asleep();

  /** The tab ends as by a crash, without any page event. */
  async crash(): Promise<void> {
    const cdp = await this.cdp();
    const crashed = this.page.waitForEvent('crash');
    // The answer never comes from a page that is gone.
    void cdp.send('Page.crash').catch(() => {});
    await crashed;
  }

  /** Text under composition, as an input method shows it before it is chosen; `commit` chooses. */
  async compose(text: string): Promise<void> {
    const cdp = await this.cdp();
    await cdp.send('Input.imeSetComposition', {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    });
  }

  async commit(text: string): Promise<void> {
    await (await this.cdp()).send('Input.insertText', { text });
  }

  private async cdp(): Promise<CDPSession> {
    this.#cdp ??= await this.context.newCDPSession(this.page);
    return this.#cdp;
  }
}

/** In the page. Goes half a screen at a time, as soon as what was asked for is there. */
const scrollUp = async (scroller: Element): Promise<number[]> => {
  const seen = new Set<number>();
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const check = () => {
    for (const row of scroller.querySelectorAll<HTMLElement>('[data-seq]')) seen.add(Number(row.dataset.seq));
  };
  while (!(scroller.scrollTop === 0 && seen.has(1))) {
    scroller.scrollTop -= scroller.clientHeight / 2;
    await frame();
    check();
  }
  return [...seen];
};
