import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, type BrowserContext, chromium } from '@playwright/test';
import { launchOptions } from '../../packages/testing/src/browser.ts';

/**
 * A browser with a profile on disk, driven without Playwright's usual settings: those keep every page in the foreground,
 * where nothing is ever frozen. Rejects when it does not start.
 */
export const startProfile = async (): Promise<{ context: BrowserContext; stop: () => Promise<void> }> => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-profile-'));
  const { executablePath, args, env } = await launchOptions();
  const headless = args.some((arg) => arg.startsWith('--headless')) ? [] : ['--headless'];
  const flags = ['--remote-debugging-port=0', `--user-data-dir=${folder}`, '--no-first-run'];
  const child = spawn(executablePath, [...args, ...headless, ...flags, 'about:blank'], {
    env: env ?? process.env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let browser: Browser | undefined;
  const stop = async () => {
    await browser?.close();
    child.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  const endpoint = new Promise<string>((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      const found = /DevTools listening on (\S+)/.exec(line)?.[1];
      if (found) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`the browser ended with ${code}`)));
  });
  try {
    browser = await chromium.connectOverCDP(await endpoint, { noDefaults: true });
    const [context] = browser.contexts();
    if (!context) throw new Error('the browser has no profile');
    return { context, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
