export { type AuditInput, appendAudit, appendAuditIn, NOBODY } from './append.ts';
export { type AuditKey, auditKeyOf, canonical, GENESIS, hashOf, sha256 } from './canonical.ts';
export { auditHead, auditPage, listAccesses } from './read.ts';
export { verifyAudit, verifyChain } from './verify.ts';
