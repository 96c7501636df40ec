import { converged, expect, group, send, test } from '@lockstep/testing/kit';

// A test of one's own against a server that runs: npm run e2e -- --url https://chat.example.org e2e/staging

test('two people, three devices: read, drafted, edited and written offline, it is the same on all', async ({
  people,
  devices,
  device,
}) => {
  // New accounts with names that nobody else has, whichever worker this runs in.
  const [alice, ben] = await people('Alice', 'Ben');
  const trip = await group('Harbour trip', alice, ben);
  await send(ben, trip, 'Shall we sail on Sunday?');

  const { laptop, phone } = await devices(alice);
  const his = await device(ben, 'laptop');
  await expect.poll(() => phone.badge(trip)).toBe('1');
  for (const each of [laptop, his]) await each.open(trip);
  await expect.poll(() => phone.badge(trip)).toBe('');

  await test.step('a draft follows its person to the other device', async () => {
    await laptop.write('Yes, if');
    await phone.open(trip);
    await expect.poll(() => phone.draft()).toBe('Yes, if');
    await phone.say('Yes, if the wind allows');
    await expect.poll(() => laptop.draft()).toBe('');
  });

  await test.step('offline and online, edited and recalled', async () => {
    await phone.offline();
    await phone.say('written on the train');
    await his.edit('Shall we sail on Sunday?', 'Shall we sail on Saturday?');
    await his.say('that was wrong');
    await his.recall('that was wrong');
    await phone.online();
  });

  await converged(laptop, phone, his);
  expect(await phone.messages()).toEqual(await laptop.messages());
  expect((await his.texts()).sort()).toEqual([
    expect.stringContaining('Shall we sail on Saturday?'),
    'Yes, if the wind allows',
    'written on the train',
  ]);
});
