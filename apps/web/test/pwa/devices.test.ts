import type { Device } from '@lockstep/protocol';
import { Laptop, Smartphone, Tablet } from 'lucide-react';
import { expect, test } from 'vitest';
import { behind, iconOf, inOrder, isJustNow } from '../../components/settings/device-words.ts';
import { sectionOf, settingsPath } from '../../components/settings/sections.ts';

const device = (id: string, over: Partial<Device> = {}): Device => ({
  id,
  name: null,
  browser: 'Firefox 143',
  system: 'macOS',
  current: false,
  online: false,
  createdAt: 0,
  lastActiveAt: 0,
  pos: 0,
  ...over,
});

test('devices: this one, then those that are open, then by when they were last active', () => {
  const devices = [
    device('old', { lastActiveAt: 1 }),
    device('open', { online: true, lastActiveAt: 1 }),
    device('b', { lastActiveAt: 9 }),
    device('a', { lastActiveAt: 9 }),
    device('here', { current: true }),
  ];
  expect(inOrder(devices).map(({ id }) => id)).toEqual(['here', 'open', 'a', 'b', 'old']);
});

test('a device whose cursor is newer than the list is up to date', () => {
  expect(behind({ pos: 30 }, 42)).toBe(12);
  expect(behind({ pos: 43 }, 42)).toBe(0);
});

test('phones and computers have different icons', () => {
  expect(
    ['Android 15', 'iOS 19', 'iPadOS', 'Windows', 'ChromeOS'].map((system) => iconOf({ system })),
  ).toEqual([Smartphone, Smartphone, Tablet, Laptop, Laptop]);
});

test('less than a minute ago is "just now"', () => {
  expect([isJustNow(1_000, 60_999), isJustNow(1_000, 61_000)]).toEqual([true, false]);
});

test('an address names a section of the settings, or none', () => {
  expect(sectionOf(settingsPath('devices'))).toBe('devices');
  expect(sectionOf(settingsPath('password'))).toBe('password');
  expect(sectionOf(settingsPath('writing'))).toBe('writing');
  expect(['/settings/', '/settings/writing/'].map(sectionOf)).toEqual(['devices', 'writing']);
  expect(settingsPath()).toBe('/settings/devices');
  expect(sectionOf('/settings')).toBe('devices');
  expect(['/', '/settings/nothing', '/settings/devices/7', '/c/settings'].map(sectionOf)).toEqual(
    Array(4).fill(null),
  );
});
