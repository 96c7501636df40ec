export { aloneTabs } from './alone.ts';
export { browserTabs } from './browser.ts';
export { type HubTab, TabHub, type TabHubOptions } from './hub.ts';
export * from './port.ts';
