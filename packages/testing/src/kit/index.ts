/** Browser tests of people with several devices: docs/testing.md. */
export { expect } from '@playwright/test';
export { converged, convergedWithin } from './converged.ts';
export { Device, type Shown } from './device.ts';
export { type Footprint, footprint, watchMessageNodes } from './footprint.ts';
export { type Loss, Network } from './network.ts';
export { type Account, enter, newAccount, type Person, signInPerson, signUpPerson } from './people.ts';
export { channel, direct, group, send, sendMany } from './seed.ts';
export { type DeviceOptions, type Devices, type Kit, openBrowser, test } from './test.ts';
