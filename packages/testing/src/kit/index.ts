/** Browser tests of people with several devices: docs/testing.md. */
export { expect } from '@playwright/test';
export { converged, convergedWithin } from './converged.ts';
export { Device } from './device.ts';
export { footprint, watchMessageNodes } from './footprint.ts';
export { isInstallation, signUpPath, skipOnInstallation } from './installation.ts';
export { Network } from './network.ts';
export { type Account, enter, newAccount, type Person, signInPerson, signUpPerson } from './people.ts';
export { channel, direct, group, send, sendMany } from './seed.ts';
export { openBrowser, test } from './test.ts';
