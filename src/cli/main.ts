/** The command line's entry: one line on stderr and exit status 1 for whatever goes wrong. */
import { EdgescopeError } from '../experiment/fault';
import { HELP, readArguments, UsageError } from './args';
import { runRecord } from './record';

function complaint(thrown: unknown): string {
  if (thrown instanceof UsageError || thrown instanceof EdgescopeError) return thrown.message;
  return `This is a fault of Edgescope: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
}

try {
  const command = readArguments(process.argv.slice(2));
  if (command.kind === 'help') process.stdout.write(`${HELP}\n`);
  else await runRecord(command);
} catch (thrown) {
  process.stderr.write(`edgescope: ${complaint(thrown).replace(/\s*\n\s*/g, ' ')}\n`);
  process.exitCode = 1;
}
