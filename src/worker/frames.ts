/**
 * Samples on their way to the page: gathered in columns until a credit lets them go, then transferred.
 */
import type { Sample } from '../engine/instruments/meter';
import type { SeriesId } from '../experiment/catalogue';
import { survives, type Frame, type Marker } from './protocol';

/** Samples kept for a page that takes none (a hidden tab); beyond it they are thinned. */
const MOST_SAMPLES = 20_000;
const THINNING_BLOCK = 4;

const sharpnessOf = (sample: Sample): number => sample.spectrum.values[0];

/** Of every block of samples the one of least and the one of greatest λ₁, in order: no spike is lost. */
function thinned(samples: readonly Sample[]): Sample[] {
  const kept: Sample[] = [];
  for (let from = 0; from < samples.length; from += THINNING_BLOCK) {
    const block = samples.slice(from, from + THINNING_BLOCK);
    const low = block.reduce((a, b) => (sharpnessOf(b) < sharpnessOf(a) ? b : a));
    const high = block.reduce((a, b) => (sharpnessOf(b) > sharpnessOf(a) ? b : a));
    kept.push(...block.filter((sample) => sample === low || sample === high));
  }
  return kept;
}

type Rest = Pick<Frame, 'status' | 'step' | 'lr' | 'cadence' | 'stepsPerSecond'>;

export class FrameBuffer {
  markers: Marker[] = [];
  outputs: Frame['outputs'] = null;
  #samples: Sample[] = [];
  #products = 0;

  add(sample: Sample): void {
    if (this.#samples.length >= MOST_SAMPLES) this.#samples = thinned(this.#samples);
    this.#samples.push(sample);
    this.#products += sample.products;
  }

  /** Forgets what was gathered after `step`. */
  truncate(step: number): void {
    this.#samples = this.#samples.filter((sample) => sample.step < step);
    this.markers = this.markers.filter((marker) => survives(marker, step));
    this.outputs = null;
  }

  /** Everything gathered, as a frame and the buffers to transfer with it. */
  take(rest: Rest): { frame: Frame; transfer: Transferable[] } {
    const samples = this.#samples;
    const steps = Float64Array.from(samples, (sample) => sample.step);
    const columns: Partial<Record<SeriesId, Float64Array>> = {};
    const ids = new Set(samples.flatMap((sample) => [...sample.values.keys()]));
    for (const id of ids) columns[id] = Float64Array.from(samples, (sample) => sample.values.get(id) ?? NaN);
    const last = samples.at(-1);
    const spectrum = last
      ? {
          step: last.step,
          values: last.spectrum.values.slice(),
          residuals: last.spectrum.residuals.slice(),
          ritz: last.spectrum.ritz.slice(),
          iterations: last.spectrum.iterations,
          converged: last.spectrum.converged,
        }
      : null;
    const frame: Frame = {
      ...rest,
      steps,
      columns,
      spectrum,
      markers: this.markers,
      outputs: this.outputs,
      products: this.#products,
    };
    const arrays = [steps, ...Object.values(columns)];
    if (spectrum) arrays.push(spectrum.values, spectrum.residuals, spectrum.ritz);
    const transfer: Transferable[] = arrays.map((array) => array.buffer as ArrayBuffer);
    if (this.outputs) transfer.push(this.outputs.values.buffer as ArrayBuffer);
    this.markers = [];
    this.outputs = null;
    this.#samples = [];
    return { frame, transfer };
  }
}
