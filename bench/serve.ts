/** A built folder behind an address, and a browser to open it in: the same build and flags as the browser tests. */
import { chromium, type Browser } from '@playwright/test';
import { build, preview } from 'vite';
import { CHROMIUM_FLAGS, provideChromium } from '../e2e/chromium';

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/** Builds the app (`production`) or the bare pages (`pages`) and serves it on a free port. */
export async function buildAndServe(mode: 'production' | 'pages'): Promise<Site> {
  await build({ mode, logLevel: 'warn' });
  const outDir = mode === 'pages' ? 'build/pages' : 'dist';
  const server = await preview({
    mode,
    logLevel: 'warn',
    build: { outDir },
    preview: { port: 4190, host: '127.0.0.1' },
  });
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error('The preview server has no address.');
  return { url, close: () => server.close() };
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: provideChromium(), args: [...CHROMIUM_FLAGS] });
}
