/** Test support: files made of text, read with as few words as possible. */
import { expect } from 'vitest';
import type { CsvOptions, DataFile } from '../../experiment/csv';
import { EdgescopeError } from '../../experiment/fault';
import { inspectCsv, loadCsv } from './csv';

export const AUTO: CsvOptions = { header: 'auto', target: '', task: 'auto', std: true, n: 10_000 };
const RAW: CsvOptions = { ...AUTO, std: false };

export function fileOf(content: string | Uint8Array): DataFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { name: 'a.csv', bytes: Uint8Array.from(bytes).buffer };
}

export const inspect = (content: string, options: Partial<CsvOptions> = {}) =>
  inspectCsv(fileOf(content), { ...AUTO, ...options });
export const load = (content: string, options: Partial<CsvOptions> = {}, loss: 'mse' | 'ce' = 'mse') =>
  loadCsv(fileOf(content), { ...RAW, ...options }, loss);

/** The one sentence a bad file gets. */
export function complaint(content: string | Uint8Array, options: Partial<CsvOptions> = {}): string {
  try {
    loadCsv(fileOf(content), { ...AUTO, ...options }, 'ce');
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(EdgescopeError);
    expect((thrown as EdgescopeError).code).toBe('data');
    return (thrown as EdgescopeError).message;
  }
  throw new Error('The file was accepted.');
}
