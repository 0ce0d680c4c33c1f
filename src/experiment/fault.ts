/**
 * The one shape of everything that can go wrong. A fault crosses the worker boundary as a plain object and reaches the
 * reader as its `message`: one sentence that says what is wrong and what is accepted.
 */

export type FaultCode =
  | 'link' // a link or experiment file that cannot be used
  | 'data' // a data file that cannot be read or trained on
  | 'engine' // an engine that does not exist here, failed its self-test or broke
  | 'device-lost' // the GPU went away
  | 'no-engine' // not even the WebAssembly engine works here
  | 'too-large' // a problem over the memory caps
  | 'protocol' // page and worker of different versions
  | 'internal'; // a bug of ours

export interface Fault {
  readonly code: FaultCode;
  readonly message: string;
  readonly detail?: string;
}

export class EdgescopeError extends Error implements Fault {
  readonly code: FaultCode;
  readonly detail?: string;

  constructor(code: FaultCode, message: string, detail?: string) {
    super(message);
    this.name = 'EdgescopeError';
    this.code = code;
    if (detail !== undefined) this.detail = detail;
  }
}

/** Any thrown value as a plain, clonable fault. */
export function faultFrom(thrown: unknown): Fault {
  if (thrown instanceof EdgescopeError) {
    const { code, message, detail } = thrown;
    return detail === undefined ? { code, message } : { code, message, detail };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const detail = thrown instanceof Error ? thrown.stack : undefined;
  return detail === undefined ? { code: 'internal', message } : { code: 'internal', message, detail };
}
