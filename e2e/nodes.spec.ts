import { readFileSync } from 'node:fs';
import { skipOnInstallation } from '@lockstep/testing/kit';
import { expect, test } from '@playwright/test';
import { fetchNode, NodeUnavailable } from '../scripts/nodes/fetch-node.ts';
import { tryNode } from '../scripts/nodes/try-node.ts';
import { OWN_SERVER } from './stack.ts';

skipOnInstallation(OWN_SERVER);

/** The oldest Node that package.json allows, and the newest: `npm run nodes` tries those between. */
const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const OLDEST = engines.node.replace('>=', '');
const NEWEST = '26';
const majorOf = (version: string) => version.split('.')[0];
/** All other browser tests run on the Node of now. */
const OTHERS = [OLDEST, NEWEST].filter((version) => majorOf(version) !== majorOf(process.versions.node));

for (const version of OTHERS)
  test(`with Node ${version} people sign up, send and find, and a stop leaves nothing`, async () => {
    test.setTimeout(400_000);
    const node = await fetchNode(version).catch((error: Error) => {
      if (!(error instanceof NodeUnavailable)) throw error;
      test.skip(true, error.message);
      throw error;
    });
    const trial = await tryNode(node);
    expect(trial.faults).toEqual([]);
    expect(trial.version).toMatch(new RegExp(`^v${version.replaceAll('.', '\\.')}`));
  });
