/**
 * Builds and serves the app: static files with relative addresses, so that any host and any folder will do. In mode
 * `pages` it builds instead the bare pages on which the browser tests and the benchmark meet the engines without the
 * app: same bundler, same code.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = import.meta.dirname;
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

/** The HTML files of the folders that hold bare pages. */
function barePages(): string[] {
  return ['e2e/engine', 'bench/browser'].flatMap((folder) => {
    const path = join(root, folder);
    const names = existsSync(path) ? readdirSync(path) : [];
    return names.filter((name) => name.endsWith('.html')).map((name) => join(path, name));
  });
}

export default defineConfig(({ mode }) => ({
  base: './',
  define: { EDGESCOPE_VERSION: JSON.stringify(version) },
  plugins: [react()],
  worker: { format: 'es' as const },
  build: {
    // TensorFlow.js and jax-js: loaded when the third engine or the benchmark asks for them, by nothing else.
    chunkSizeWarningLimit: 2000,
    ...(mode === 'pages' && {
      outDir: 'build/pages',
      emptyOutDir: true,
      copyPublicDir: false,
    }),
    rolldownOptions: {
      // How long the bundler's plugins took is no news.
      checks: { bundlerTimings: false },
      ...(mode === 'pages' && { input: barePages() }),
    },
  },
  preview: { port: 4173 },
}));
