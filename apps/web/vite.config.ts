import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
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
    rolldownOptions: { input: ['index.html', 'chatkit-react.html'].map((page) => `${import.meta.dirname}/${page}`) },
  },
  server: { proxy: { '^/(chatkit|models)$': API } },
});

/** Compresses files at build time, so that the API need not compress them for each request. */
function precompressed(): Plugin {
  const encodings = { br: promisify(brotliCompress), gz: promisify(gzip) };
  return {
    name: 'precompressed',
    apply: 'build',
    async generateBundle(_options, bundle) {
      const files = Object.values(bundle).filter(({ fileName }) => /\.(js|css|svg)$/.test(fileName));
      for (const file of files) {
        const source = Buffer.from(file.type === 'chunk' ? file.code : file.source);
        for (const [ending, compress] of Object.entries(encodings)) {
          this.emitFile({ type: 'asset', fileName: `${file.fileName}.${ending}`, source: await compress(source) });
        }
      }
    },
  };
}
