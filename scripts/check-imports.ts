import { fileURLToPath } from 'node:url';
import { checkImports } from './lib/import-directions.ts';

/** Fails when a file imports against the directions of the table in scripts/lib/import-directions.ts. */
const { files, violations } = checkImports(fileURLToPath(new URL('../', import.meta.url)));
for (const violation of violations) console.error(violation);
console.log(`${files} files, ${violations.length} imports in a wrong direction`);
if (violations.length > 0 || files === 0) process.exitCode = 1;
