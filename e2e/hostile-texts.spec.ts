import { expect, group, send, test } from '@lockstep/testing/kit';

const columns = 300;
/** Each took the conversation from everybody, or held the page for seconds to minutes. */
const HOSTILE = [
  '>'.repeat(2_500),
  `${'- '.repeat(1_300)}x`,
  `${'1. '.repeat(1_300)}x`,
  `|${'a|'.repeat(columns)}\n|${'-|'.repeat(columns)}\n${'a\n'.repeat(3_300)}`.slice(0, 8_000),
  `\`\`\`js\n${'`${'.repeat(1_000)}\n\`\`\``,
  `\`\`\`ts\n${'a'.repeat(7_900)}\n\`\`\``,
  `[`.repeat(8_000),
  '👨‍👩‍👧‍👦'.repeat(1_100),
];

test('a message that is made to be endless is shown as text, and can be recalled', async ({
  people,
  devices,
}) => {
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  for (const text of HOSTILE) await send(alice, trip, text);
  await send(ben, trip, 'Here I am\n```ts\nconst answer = 42;\n```');

  const { laptop, phone } = await devices(alice);
  for (const device of [laptop, phone]) {
    await device.open(trip);
    await expect(device.said('Here I am')).toBeVisible();
  }
  // Code after it is coloured all the same.
  await expect(laptop.page.locator('.md-code .hljs-keyword', { hasText: 'const' })).toBeVisible();

  // Behind two system messages.
  const first = laptop.page.locator('[data-testid=message][data-seq="3"]');
  await laptop.scrollToStart();
  await expect(first.getByTestId('message-body')).toHaveText('>'.repeat(2_500));
  await first.focus();
  await first.press('Delete');
  await laptop.page.getByRole('alertdialog').getByRole('button', { name: 'Recall' }).click();
  await expect(first).toHaveAttribute('data-state', 'recalled');
});
