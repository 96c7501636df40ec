import type { Page } from '@playwright/test';

interface Footprint {
  /** Of JavaScript, after a collection, in MB. */
  heapMb: number;
  /** DOM nodes that are alive, in the page or not. */
  nodes: number;
}

/** What a page weighs now. Chromium only. */
export const footprint = async (page: Page): Promise<Footprint> => {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  // Twice: what the first frees may have held more.
  for (let i = 0; i < 2; i++) await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  await cdp.detach();
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { heapMb: of('JSHeapUsedSize') / 1_048_576, nodes: of('Nodes') };
};

/** Counts, from now on, the most messages that any frame had in the page; returns the way to read it. */
export const watchMessageNodes = async (page: Page): Promise<() => Promise<number>> => {
  await page.evaluate(() => {
    const held = window as unknown as { mostMessages: number };
    held.mostMessages = 0;
    const check = () => {
      const now = document.querySelectorAll('[data-testid="message"]').length;
      held.mostMessages = Math.max(held.mostMessages, now);
      requestAnimationFrame(check);
    };
    check();
  });
  return () => page.evaluate(() => (window as unknown as { mostMessages: number }).mostMessages);
};
