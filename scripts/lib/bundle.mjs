import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { root } from './files.mjs';
import { PROGRAMS } from './programs.mjs';

/**
 * `node scripts/lib/bundle.mjs` makes the programs of production in dist/, for `npm start` and for the image. A process
 * that runs one of these needs no TypeScript loader and no node_modules but Next: less than half of the memory.
 */

const out = join(root, 'dist');
const lib = join(root, 'scripts/lib');
const nameOf = (file) => Object.keys(PROGRAMS).find((name) => join(root, PROGRAMS[name]) === file);

/**
 * Sources find files of the repository from where they stand themselves, bundled or not. The plain modules of
 * scripts/lib stay as they are: start.mjs runs on the same ones, and one of them knows what is being run.
 */
const asInRepository = {
  name: 'as-in-repository',
  setup: ({ onLoad, onResolve }) => {
    onResolve({ filter: /^\..*\.mjs$/ }, ({ path, resolveDir }) => {
      const file = join(resolveDir, path);
      return dirname(file) === lib ? { path: relative(out, file), external: true } : null;
    });
    // A program that another one loads when it is asked for.
    onResolve({ filter: /^\..*\.ts$/ }, ({ path, resolveDir, kind }) => {
      const name = kind === 'dynamic-import' && nameOf(join(resolveDir, path));
      return name ? { path: `./${name}.mjs`, external: true } : null;
    });
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (path.includes('node_modules') || !text.includes('import.meta.url')) return null;
      const own = `new URL(${JSON.stringify(relative(out, path))}, import.meta.url).href`;
      return { contents: text.replaceAll('import.meta.url', own), loader: 'ts' };
    });
  },
};

/**
 * Prisma has its query compiler as a text of 4.6 MB in a module, which stays in memory twice. `Buffer.from` takes an
 * object with a `valueOf` in place of a text: so it is read from a file, once, and not kept.
 */
const compilerAsFile = {
  name: 'compiler-as-file',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.wasm-base64\.mjs$/ }, async ({ path }) => {
      const { wasm } = await import(path);
      writeFileSync(join(out, 'query-compiler.wasm'), Buffer.from(wasm, 'base64'));
      return {
        contents: `import { readFileSync } from 'node:fs';
          const file = new URL('query-compiler.wasm', import.meta.url);
          export const wasm = { valueOf: () => readFileSync(file) };`,
      };
    });
  },
};

/**
 * One letter beyond Latin-1 doubles the memory that a whole file takes. Those that are left stand in regular expressions,
 * where an escape means the same.
 */
const inAscii = (text) =>
  text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const common = {
  absWorkingDir: root,
  bundle: true,
  outdir: out,
  // Node keeps the whole text of what it runs in memory: without comments that is half. Names stay, for stack traces.
  minifyWhitespace: true,
  lineLimit: 160,
  legalComments: 'none',
  logLevel: 'warning',
};

mkdirSync(out, { recursive: true });
const { outputFiles } = await build({
  ...common,
  write: false,
  entryPoints: PROGRAMS,
  outExtension: { '.js': '.mjs' },
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: ['next', 'pg-native'],
  plugins: [asInRepository, compilerAsFile],
  // Packages in CommonJS call `require` for the modules of Node.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
});
for (const { path, text } of outputFiles) writeFileSync(path, inAscii(text));
// The service worker; the server puts the list of what it keeps before it (apps/web/server/worker-script.ts).
await build({
  ...common,
  entryPoints: { sw: 'apps/web/sw/main.ts' },
  minify: true,
  format: 'iife',
  target: 'es2022',
});
