export { safeHref } from '@lockstep/protocol/markup';
