import { chmod, readFile, rm } from 'node:fs/promises';
import { build, type Plugin } from 'esbuild';
import { documents } from '../templates/texts.ts';

const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
const root = new URL('..', import.meta.url).pathname;

/** The templates go into the program as they are parsed here. */
const templates: Plugin = {
  name: 'templates',
  setup: ({ onLoad }) =>
    onLoad({ filter: /templates\/texts\.ts$/ }, () => ({ contents: `export const documents = ${JSON.stringify(documents)};`, loader: 'js' })),
};

await rm(new URL('../dist', import.meta.url), { recursive: true, force: true });
const result = await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli.ts' },
  outdir: 'dist',
  bundle: true,
  plugins: [templates],
  // Split, so that the first frame does not load what only a sign-in needs.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.12',
  minify: true,
  keepNames: true,
  metafile: true,
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"', __VERSION__: JSON.stringify(version) },
  // ink imports its devtools bridge behind a flag that no user sets; the package is not shipped.
  alias: { 'react-devtools-core': './scripts/empty.ts' },
  // What packages written for CommonJS expect to find.
  banner: {
    js: [
      "import { createRequire as __createRequire } from 'node:module';",
      "import { fileURLToPath as __fileURLToPath } from 'node:url';",
      'const require = __createRequire(import.meta.url);',
      'const __filename = __fileURLToPath(import.meta.url);',
      "const __dirname = __fileURLToPath(new URL('.', import.meta.url));",
    ].join(' '),
  },
});
await chmod(new URL('../dist/cli.js', import.meta.url), 0o755);
const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
process.stderr.write(`built dist/cli.js and its parts, ${Math.round(bytes / 1024)} KB\n`);
