/**
 * The link is the experiment: `#/?data=spirals&lr=0.1&seed=1`, flat, readable, canonical in order, defaults omitted.
 * Any string decodes to a valid experiment and view plus remarks; nothing a stranger writes can throw here or make
 * anything allocate beyond the schema's caps. What encodes decodes to the same, exactly. DESIGN §5.
 */
import type { Experiment, Remark, View } from './experiment';
import { formatField, parseField, quote } from './fields';
import { DEFAULT_EXPERIMENT, DEFAULT_VIEW, FIELDS, VIEW_FIELDS, defaultsFor, type FieldSpec } from './schema';
import { reconcile } from './validate';

const LINK_VERSION = 1;
/** Longer than any link we write; the rest of a hostile one is not looked at. */
const LONGEST_LINK = 8000;
const MOST_REMARKS = 20;
/** A batch is taken as it stands: `reconcile` knows how many examples there are, and says so once. */
const LINK_FIELDS = { ...FIELDS, batch: { ...FIELDS.batch, max: Infinity } };

export interface Decoded {
  readonly experiment: Experiment;
  readonly view: View;
  readonly remarks: readonly Remark[];
}

/** The query part of a link, hash or whole address: what comes after the last "#/?" , "#?" or "?". */
function queryOf(link: string): string {
  const hash = link.indexOf('#');
  const from = hash >= 0 ? link.slice(hash + 1) : link;
  const question = from.indexOf('?');
  if (question >= 0) return from.slice(question + 1);
  return from.replace(/^\/+/, '').includes('=') ? from.replace(/^\/+/, '') : '';
}

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text; // a lone % is taken as it stands; the field's own parser judges it
  }
}

/** Key → text, the first of each key; later ones are remarked upon. */
function pairs(link: string, remarks: Remark[]): Map<string, string> {
  const found = new Map<string, string>();
  const query = queryOf(link);
  if (query.length > LONGEST_LINK) {
    remarks.push({
      key: '',
      message: `The link is longer than ${LONGEST_LINK} characters; what comes after is ignored.`,
    });
  }
  for (const part of query.slice(0, LONGEST_LINK).split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const key = decodeText(equals < 0 ? part : part.slice(0, equals));
    const text = equals < 0 ? '' : decodeText(part.slice(equals + 1));
    if (key === '') continue;
    if (found.has(key)) remarks.push({ key, message: `${quote(key)} is given twice; the first is used.` });
    else found.set(key, text);
  }
  return found;
}

function readFields<T extends object>(
  fields: Readonly<Record<keyof T, FieldSpec>>,
  defaults: T,
  texts: Map<string, string>,
  remarks: Remark[],
): T {
  const record = { ...defaults } as Record<string, unknown>;
  for (const [key, spec] of Object.entries<FieldSpec>(fields)) {
    const text = texts.get(key);
    if (text === undefined) continue;
    const { value, wrong } = parseField(key, spec, text);
    if (value !== undefined) record[key] = value;
    if (wrong !== null) {
      const used = value === undefined ? '; the default is used' : '';
      remarks.push({ key, message: `${key}: ${wrong}${used}. The ${spec.label} must be ${spec.accepts}.` });
    }
  }
  return record as T;
}

/**
 * A batch size or sampling in a link without `opt` asks for mini-batches; beside gradient descent it says nothing, and is
 * left out by `reconcile`. Beside an optimiser that is not known, there is a sentence on that already.
 */
function withBatches(experiment: Experiment, texts: Map<string, string>, remarks: Remark[]): Experiment {
  const key = (['batch', 'sampling'] as const).find((name) => {
    const text = texts.get(name);
    return text !== undefined && parseField(name, FIELDS[name], text).value !== undefined;
  });
  if (key === undefined || experiment.opt !== 'gd') return experiment;
  const opt = texts.get('opt');
  if (opt !== undefined) {
    if (parseField('opt', FIELDS.opt, opt).value === 'gd') {
      remarks.push({ key, message: `${key} has no effect with opt=gd, whose steps go over all examples.` });
    }
    return experiment;
  }
  remarks.push({ key, message: `${key} is for mini-batches: opt=sgd is used.` });
  return { ...experiment, opt: 'sgd' };
}

/** Reads any string as a link. Never throws. */
export function decodeLink(link: string): Decoded {
  const remarks: Remark[] = [];
  const texts = pairs(link, remarks);

  const version = texts.get('v');
  if (version !== undefined && version !== String(LINK_VERSION)) {
    remarks.push({
      key: 'v',
      message: `The link is of version ${quote(version)}; this page reads version ${LINK_VERSION} and does its best.`,
    });
  }
  for (const key of texts.keys()) {
    if (key !== 'v' && !Object.hasOwn(FIELDS, key) && !Object.hasOwn(VIEW_FIELDS, key)) {
      remarks.push({ key, message: `${quote(key)} is not a setting of this version; it is ignored.` });
    }
  }

  const data = parseField('data', FIELDS.data, texts.get('data') ?? 'spirals').value ?? 'spirals';
  const read = readFields<Experiment>(LINK_FIELDS, defaultsFor(data as Experiment['data']), texts, remarks);
  const { experiment, remarks: corrections } = reconcile(withBatches(read, texts, remarks));
  const view = readFields<View>(VIEW_FIELDS, DEFAULT_VIEW, texts, remarks);
  remarks.push(...corrections);
  return { experiment, view, remarks: remarks.slice(0, MOST_REMARKS) };
}

/** Whether the link was of our version and read to its end: else there may be more in it than we can know. */
export function readWhole({ remarks }: Decoded): boolean {
  return !remarks.some(({ key }) => key === 'v' || key === '');
}

function writeFields<T extends object>(fields: Readonly<Record<keyof T, FieldSpec>>, defaults: T, record: T): string[] {
  const parts: string[] = [];
  for (const [key, spec] of Object.entries<FieldSpec>(fields)) {
    const value = record[key as keyof T];
    if (value === null) continue;
    const text = formatField(spec, value);
    const byDefault = defaults[key as keyof T];
    if (byDefault !== null && text === formatField(spec, byDefault)) continue;
    parts.push(`${key}=${encodeText(text)}`);
  }
  return parts;
}

/** Percent-encodes what would not survive in a fragment, and leaves ; : = , - readable. */
function encodeText(text: string): string {
  return encodeURIComponent(text).replace(/%3[ABD]|%2C/g, decodeURIComponent);
}

/** The canonical link of an experiment: `#/?v=1&…`. */
export function encodeLink(experiment: Experiment, view: View = DEFAULT_VIEW): string {
  // The data set's own n and noise are defaults; which data set it is, is not.
  const defaults = { ...defaultsFor(experiment.data), data: DEFAULT_EXPERIMENT.data };
  const parts = [
    `v=${LINK_VERSION}`,
    ...writeFields(FIELDS, defaults, experiment),
    ...writeFields(VIEW_FIELDS, DEFAULT_VIEW, view),
  ];
  return `#/?${parts.join('&')}`;
}
