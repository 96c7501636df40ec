import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test as kit, skipOnInstallation } from '@lockstep/testing/kit';
import type { JSONReport, JSONReportSuite } from '@playwright/test/reporter';
import { OWN_SERVER } from './stack.ts';
import { startTwoWebs, type TwoWebs } from './two-webs.ts';

skipOnInstallation(OWN_SERVER);

const test = kit.extend<object, { installation: TwoWebs }>({
  installation: [
    async ({ browserName: _ }, use) => {
      const installation = await startTwoWebs();
      await use(installation);
      await installation.stop();
    },
    { scope: 'worker', timeout: 180_000 },
  ],
});

const root = fileURLToPath(new URL('..', import.meta.url));

/** `npm run e2e`, with what it printed. Its reports go to `folder`. */
const runKit = async (folder: string, args: string[]): Promise<{ code: number; printed: string }> => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/e2e.ts', ...args], {
    cwd: root,
    env: {
      ...process.env,
      PLAYWRIGHT_HTML_OUTPUT_DIR: join(folder, 'html'),
      PLAYWRIGHT_JSON_OUTPUT_FILE: join(folder, 'report.json'),
    },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      printed += data;
    });
  ends.push(() => child.kill());
  const [code] = await once(child, 'close');
  return { code, printed };
};

/** Of what a test that ends early leaves running. */
const ends: (() => void)[] = [];
test.afterEach(() => {
  for (const end of ends.splice(0)) end();
});

const testsOf = (
  suite: JSONReportSuite,
): { title: string; status?: string | undefined; worker?: number | undefined }[] => [
  ...suite.specs.map(({ title, tests: [test] }) => ({
    title,
    status: test?.status,
    worker: test?.results[0]?.parallelIndex,
  })),
  ...(suite.suites ?? []).flatMap(testsOf),
];

test('the kit runs against two web processes behind a proxy, in parallel workers', async ({
  installation: { url, invitation },
}) => {
  // The tests inside have times of their own.
  test.setTimeout(600_000);
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-kit-'));
  const args = [
    '--workers',
    '2',
    'e2e/staging',
    'e2e/devices/personal.spec.ts',
    'e2e/devices/restart.spec.ts',
  ];
  try {
    const uninvited = await runKit(folder, ['--url', url, ...args]);
    expect(uninvited).toMatchObject({ code: 1, printed: expect.stringContaining('without an invitation') });
    const running = runKit(folder, [
      ...['--url', `${url}/`, '--invitation', `${url}/sign-up?invite=${invitation}`, ...args],
      ...['--output', join(folder, 'output')],
    ]);
    const { code, printed } = await running;
    expect(code, printed).toBe(0);
    const { suites } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as JSONReport;
    const tests = suites.flatMap(testsOf);
    const ran = tests.filter(({ status }) => status === 'expected');
    expect(ran.map(({ title }) => title)).toHaveLength(4);
    expect(new Set(ran.map(({ worker }) => worker)).size).toBe(2);
    expect(tests.filter(({ status }) => status === 'skipped')).toHaveLength(2);
    expect(printed).toContain(
      'Left out, as it starts a server of its own:\n  restart.spec.ts: the server is killed',
    );
    expect(existsSync(join(folder, 'html/index.html'))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
