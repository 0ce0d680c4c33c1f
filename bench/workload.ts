/** The work to time on any engine that fulfils the landscape contract: the optimiser and the Lanczos of the app. */
import type { Engine } from '../src/engine/landscape/landscape';
import { gradientDescent } from '../src/engine/optimizers/gd';
import { Lanczos } from '../src/engine/spectrum/lanczos';
import { LANCZOS_STEPS, LEARNING_RATE, type Instance, type Work } from './problems';

export interface Workload {
  /** Does the work `count` times and waits until it is done. */
  run(work: Work, count: number): Promise<void>;
  /** The Hessian times the instance's direction, to be compared between engines. */
  product(): Promise<Float64Array>;
  dispose(): void;
}

export async function workloadOn(engine: Engine, { problem, theta, direction }: Instance): Promise<Workload> {
  const landscape = await engine.landscape(problem);
  const [moving, fixed, v, out] = [0, 1, 2, 3].map(() => landscape.vector());
  const [loss, norm] = landscape.scalars(2);
  landscape.write(moving, theta);
  landscape.write(fixed, theta);
  landscape.write(v, direction);
  const optimizer = gradientDescent(landscape);
  optimizer.setLearningRate(LEARNING_RATE);
  const lanczos = new Lanczos(landscape, LANCZOS_STEPS);
  const product = landscape.hessianProduct.bind(landscape);
  // Tolerance 0: no Ritz pair counts as settled, so that every run takes all its steps.
  const options = { wanted: 1, tolerance: 0, batch: LANCZOS_STEPS };
  const noPause = (): undefined => undefined;

  return {
    async run(work, count) {
      if (work === 'lanczos20') {
        for (let i = 0; i < count; i++) {
          landscape.linearise(fixed);
          await lanczos.run(product, direction, options, noPause);
        }
        return;
      }
      if (work === 'hvp') landscape.linearise(fixed);
      for (let i = 0; i < count; i++) {
        if (work === 'step') optimizer.step(moving, loss);
        else landscape.hessianProduct(v, out);
      }
      landscape.norm(work === 'step' ? moving : out, norm);
      await landscape.read([norm]);
    },
    async product() {
      landscape.linearise(fixed);
      landscape.hessianProduct(v, out);
      return (await landscape.read(out))[0];
    },
    dispose: () => landscape.dispose(),
  };
}
