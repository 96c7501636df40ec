export { aloneTabs } from './alone.ts';
export * from './port.ts';
