import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './files.mjs';
import { StartError } from './steps.mjs';

/** Where settings may stand besides the environment. */
export const envFile = join(root, '.env');

/** Takes `.env` of the repository into our environment, which wins over the file. Throws StartError. */
export const loadEnvFile = () => {
  if (!existsSync(envFile)) return;
  try {
    process.loadEnvFile(envFile);
  } catch (error) {
    throw new StartError(`${envFile} cannot be read (${error.code}): mend its permissions, or move it away`);
  }
};
