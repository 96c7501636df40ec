export { type AuditInput, appendAudit } from './append.ts';
export { canonical, GENESIS, hashOf, sha256 } from './canonical.ts';
export { type AuditFilter, auditHead, auditPage, looksInto } from './read.ts';
export { verifyAudit, verifyChain } from './verify.ts';
