import { appendFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditHead } from '@lockstep/protocol';
import { MANIFEST, type Manifest } from '../exports/manifest.ts';

/**
 * Heads of the audit log, one a line, stored outside the database, so that someone who rewrites the chain cannot
 * change them.
 */
const file = (dataDir: string): string => join(dataDir, 'audit-heads.log');

/** Appends a head. Lines of several processes do not mix, because each is written by one append. */
export const keepHead = async (dataDir: string, { n, hash }: AuditHead): Promise<void> => {
  const line = `${new Date().toISOString()} ${n}:${hash}\n`;
  await mkdir(dataDir, { recursive: true });
  await appendFile(file(dataDir), line, { mode: 0o600 });
};

/** Every head that was kept, and those in the manifests of exports. */
export const keptHeads = async (dataDir: string): Promise<AuditHead[]> => {
  const text = await readFile(file(dataDir), 'utf8').catch(() => '');
  const own = [...text.matchAll(/ (\d+):([0-9a-f]{64})$/gm)].map(([, n, hash = '']) => ({
    n: Number(n),
    hash,
  }));
  return [...own, ...(await manifestHeads(join(dataDir, 'exports')))].filter(({ n }) => n > 0);
};

const manifestHeads = async (folder: string): Promise<AuditHead[]> => {
  const heads: AuditHead[] = [];
  for (const id of await readdir(folder).catch(() => [])) {
    try {
      const { audit } = JSON.parse(await readFile(join(folder, id, MANIFEST), 'utf8')) as Manifest;
      if (typeof audit?.n === 'number' && typeof audit.hash === 'string') heads.push(audit);
    } catch {
      // The file is incomplete, or not a manifest.
    }
  }
  return heads;
};
