/** Trains runs in a worker, as the app does, and hands their hashes to hash.spec.ts. */

declare global {
  interface Window {
    /** The hash of θ of the run of a link (hashes.testing.ts). */
    hashOfRun(link: string): Promise<string>;
  }
}

export type Answer = { readonly hash: string } | { readonly error: string };

window.hashOfRun = (link) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./hash-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      worker.terminate();
      if ('hash' in data) resolve(data.hash);
      else reject(new Error(data.error));
    };
    worker.onerror = ({ message }) => reject(new Error(message || 'the worker could not be started'));
    worker.postMessage(link);
  });
