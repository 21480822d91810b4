import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Where `npm start` runs the API, for `vite apps/web`. */
const API = 'http://127.0.0.1:8000';

export default defineConfig({
  plugins: [react(), precompressed()],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    // The pages' policy allows no inline scripts, and every browser of this target preloads modules by itself.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // The first versions that know light-dark(): what it would be translated to ignores a `color-scheme` that a script sets.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    rolldownOptions: {
      input: ['index.html', 'chatkit-react.html', 'diagram.html', 'admin.html'].map(
        (page) => `${import.meta.dirname}/${page}`,
      ),
    },
  },
  server: { proxy: { '^/(chatkit|models|config|health|files|admin/(api|queues))([/?]|$)': API } },
});

/** Compresses files at build time, so that the API need not compress them for each request. */
function precompressed(): Plugin {
  // At the highest quality, the code of all diagrams takes most of the time of a build.
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
  const encodings = {
    br: (source: Buffer) => promisify(brotliCompress)(source, { params }),
    gz: promisify<Buffer, Buffer>(gzip),
  };
  return {
    name: 'precompressed',
    apply: 'build',
    // Of what was written: Vite still changes the code when this hook's predecessor, `generateBundle`, is called.
    async writeBundle({ dir = '' }, bundle) {
      for (const name of Object.keys(bundle).filter((fileName) => /\.(js|css|svg)$/.test(fileName))) {
        const source = await readFile(join(dir, name));
        for (const [ending, compress] of Object.entries(encodings)) {
          await writeFile(join(dir, `${name}.${ending}`), await compress(source));
        }
      }
    },
  };
}
