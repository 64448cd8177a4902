import path from 'node:path';
import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** The page is built into `dist/page`: `index.html`, and assets whose names tell their content. */
export default {
  root: import.meta.dirname,
  base: '/',
  plugins: [svelte({ preprocess: vitePreprocess(), configFile: false })],
  build: {
    outDir: path.join(import.meta.dirname, '../dist/page'),
    emptyOutDir: true,
    target: 'es2022',
    // The policy of the page allows no data: URLs of scripts and styles, and small files cost little by HTTP.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // The first view is one script, the entry with all that it imports: each further one costs a turn on the line.
        codeSplitting: { groups: [{ name: 'first', test: /src\/main\.ts$/ }] },
      },
    },
  },
};
