/** What finding and installing a browser takes: is a program here, does it start, and the distribution's packages. */
import { execFileSync, spawnSync } from 'node:child_process';

const UPDATE_MS = 120_000;
const INSTALL_MS = 300_000;

export const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Whether the file starts as a browser; a distribution's placeholder that asks for another installer does not. */
export function startsAs(name: RegExp, path: string): boolean {
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return status === 0 && name.test(stdout);
}

export function onPath(name: string): string | null {
  const { status, stdout } = spawnSync('which', [name], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

/** Runs a command with its output shown; whether it succeeded in time. */
export function attempt(command: readonly string[], timeout: number): boolean {
  const [file, ...args] = command;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    // Standard output is for the path of what was installed.
    execFileSync(file, args, { timeout, stdio: ['inherit', process.stderr, 'inherit'], env });
    return true;
  } catch {
    // The caller says what it tries next; what went wrong stands in the command's own output.
    return false;
  }
}

/** Installs a package of a Debian-like distribution, where this user may; whether it is there now is for the caller to see. */
export function installPackage(name: string): void {
  const administrator = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (!onPath('apt-get') || (administrator.length > 0 && !onPath('sudo'))) return;
  attempt([...administrator, 'apt-get', 'update', '-qq'], UPDATE_MS);
  attempt([...administrator, 'apt-get', 'install', '-y', '-qq', name], INSTALL_MS);
}
