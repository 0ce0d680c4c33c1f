/** How a CSV file gets in: chosen or dropped, then looked into by the worker; the dialog opens on what comes back. */
import { createStore } from 'zustand/vanilla';
import { csvStore } from '../../state/run';
import { session } from '../../state/session';

interface CsvDialogState {
  readonly open: boolean;
}

export const csvDialogStore = createStore<CsvDialogState>(() => ({ open: false }));

/** Hands a file to the session and opens the dialog once it has been looked into, or faulted. */
export function openCsv(file: File): void {
  void session.openFile(file);
  const stop = csvStore.subscribe(({ busy }) => {
    if (busy) return;
    stop();
    csvDialogStore.setState({ open: true });
  });
}

/** Opens the dialog on the file that is being trained on. */
export function reviewCsv(): void {
  csvDialogStore.setState({ open: true });
}

export function closeCsvDialog(): void {
  csvDialogStore.setState({ open: false });
}

/** Asks the device for a file. */
export function chooseCsv(): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.csv,.tsv,.txt,.data,.tra,.tes,text/csv,text/plain,text/tab-separated-values';
  input.addEventListener('change', () => {
    const chosen = input.files?.[0];
    if (chosen) openCsv(chosen);
  });
  input.click();
}
