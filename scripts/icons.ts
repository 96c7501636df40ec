import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { launchOptions } from '../packages/testing/src/browser.ts';

/** `node --import tsx scripts/icons.ts`: draws the icons of the installed app from app/icon.svg. */
const WEB = fileURLToPath(new URL('../apps/web/', import.meta.url));
const ICONS = `${WEB}public/icons/`;

const svg = readFileSync(`${WEB}app/icon.svg`, 'utf8');
/** Systems cut a maskable icon to a shape of theirs: colour to the edge, the drawing inside of the inner 80%. */
const full = svg
  .replace(/<rect [^>]*\/>/, '<rect width="32" height="32" fill="#2456d3"/>')
  .replace('<g ', '<g transform="translate(16 16) scale(.82) translate(-15.8 -16)" ');

mkdirSync(ICONS, { recursive: true });
const browser = await chromium.launch(await launchOptions());
const draw = async (source: string, size: number, file: string) => {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${source}`,
  );
  writeFileSync(file, await page.screenshot({ omitBackground: true }));
  await page.close();
  console.log(`  ${file.slice(WEB.length)}`);
};
try {
  for (const size of [192, 512]) {
    await draw(svg, size, `${ICONS}icon-${size}.png`);
    await draw(full, size, `${ICONS}maskable-${size}.png`);
  }
  // iOS rounds it by itself and shows no transparency.
  await draw(full, 180, `${WEB}app/apple-icon.png`);
} finally {
  await browser.close();
}
