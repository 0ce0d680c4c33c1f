/** The address bar: it always shows the experiment's link, and says when somebody puts another one there. */

/** Safari allows about three history writes a second. */
const WRITE_MS = 350;

let timer: ReturnType<typeof setTimeout> | undefined;

export const address = {
  /** Shows `#/?…` soon; of many writes in a row the last one counts. */
  write(hash: string): void {
    clearTimeout(timer);
    timer = setTimeout(() => history.replaceState(null, '', hash), WRITE_MS);
  },

  /** Calls back when the address changes by another hand than ours: our own writes raise no event. */
  onForeign(read: () => void): void {
    addEventListener('hashchange', () => {
      clearTimeout(timer);
      read();
    });
  },
};
