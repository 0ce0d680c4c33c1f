/** A child process that is told one line and answers with one, each a JSON object, within a time. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export type Message = Readonly<Record<string, unknown>>;

export interface Dialogue {
  /** The next line that comes, asked for or not. Rejects where the process ends, or takes too long and is killed. */
  answer(): Promise<Message>;
  ask(command: Message): Promise<Message>;
  end(): void;
}

/** `name` is what the process is called in errors. */
export function dialogue(name: string, command: string, args: readonly string[], patienceMs: number): Dialogue {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  // A command that cannot be started, and one that is written to after its end, answer nothing: that is told below.
  let failure: string | null = null;
  child.on('error', ({ message }) => (failure ??= message));
  child.stdin.on('error', ({ message }) => (failure ??= message));
  const end = (): void => void child.kill('SIGKILL');

  const answer = async (): Promise<Message> => {
    const timer = setTimeout(() => {
      failure = `it was silent for ${patienceMs / 1000} s`;
      end();
    }, patienceMs);
    const line = await lines.next();
    clearTimeout(timer);
    if (line.done === true)
      throw new Error(`${name} ended before it answered${failure === null ? '' : `: ${failure}`}.`);
    return JSON.parse(line.value) as Message;
  };
  return {
    answer,
    ask(message) {
      child.stdin.write(`${JSON.stringify(message)}\n`);
      return answer();
    },
    end,
  };
}
