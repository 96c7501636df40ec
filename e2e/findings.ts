import { type Device, expect } from '@lockstep/testing/kit';
import axe, { type AxeResults } from 'axe-core';

/** What axe finds on the page as it stands, in a line each. */
export const findings = async ({ page }: Pick<Device, 'page'>, within = 'html'): Promise<string[]> => {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(
    (context) =>
      (globalThis as unknown as { axe: { run(context: string): Promise<AxeResults> } }).axe.run(context),
    within,
  );
  expect(passes.length).toBeGreaterThan(3);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help}: ${target.join(' ')}`),
  );
};
