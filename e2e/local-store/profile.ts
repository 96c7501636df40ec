import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { type Browser, type BrowserContext, chromium } from '@playwright/test';
import { launchOptions } from '../../packages/testing/src/browser.ts';

/** Ends what is left of a process group; resolves when none of it runs. */
const groupEnded = async (group: number | undefined): Promise<void> => {
  if (group === undefined) return;
  const signal = (name: 'SIGKILL' | 0): boolean => {
    try {
      return process.kill(-group, name);
    } catch {
      return false; // no process of it is left
    }
  };
  signal('SIGKILL');
  while (signal(0)) await setTimeout(20);
};

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
    // A process group of its own: what the browser starts may outlive it and write to the profile.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let browser: Browser | undefined;
  const stop = async () => {
    await browser?.close();
    child.kill();
    await ended;
    await groupEnded(child.pid);
    rmSync(folder, { recursive: true, force: true });
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
