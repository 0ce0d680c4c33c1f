/** Files in and out, with one sentence for each way in which a file system refuses. */
import { constants } from 'node:fs';
import { access, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { quote } from '../experiment/fields';
import { UsageError } from './args';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

function reason(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  return REASONS[code] ?? (thrown instanceof Error ? thrown.message : String(thrown));
}

/** The bytes of a file. Throws a UsageError that says why it cannot be read. */
export async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return Uint8Array.from(await readFile(path));
  } catch (thrown) {
    throw new UsageError(`The file ${quote(path)} cannot be read: ${reason(thrown)}.`);
  }
}

export async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false; // no file there, for whatever reason: the caller tries the text as a link
  }
}

/** Before a long run: throws a UsageError where `path` could not be written after it. */
export async function checkWritable(path: string): Promise<void> {
  const refuse = (why: string): UsageError => new UsageError(`The file ${quote(path)} cannot be written: ${why}.`);
  const folder = dirname(resolve(path));
  const there = await stat(folder).catch(() => null);
  if (!there?.isDirectory()) throw refuse(`there is no folder ${quote(folder)}`);
  const old = await stat(path).catch(() => null);
  if (old?.isDirectory()) throw refuse('it is a folder');
  try {
    await access(old ? path : folder, constants.W_OK);
  } catch (thrown) {
    throw refuse(reason(thrown));
  }
}

export async function writeBytes(path: string, bytes: Uint8Array | string): Promise<void> {
  try {
    await writeFile(path, bytes);
  } catch (thrown) {
    throw new UsageError(`The file ${quote(path)} cannot be written: ${reason(thrown)}.`);
  }
}
