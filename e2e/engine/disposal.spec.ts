/**
 * Landscapes come and go on one WebGPU engine, as restarts make them do: what is disposed of in mid-work ends by itself,
 * gives its memory back, and harms no other landscape.
 */
import { expect, test } from './support';

/** When Lanczos is cut off: between two products, with the read-back held in the queue, or submitted and unread. */
for (const moment of ['enqueued', 'held', 'submitted'] as const) {
  test(`ten landscapes disposed of in mid-Lanczos, work ${moment}: the next ones go on unharmed`, async ({ page }) => {
    const result = await page.evaluate(async (moment) => {
      const { webGpu, fixtureA, mulberry32, Lanczos, watchBuffers } = window.edgescope;
      const { engine } = await webGpu();
      const census = watchBuffers(engine.gpuDevice);
      let errors = 0;
      engine.gpuDevice.addEventListener('uncapturederror', () => errors++);
      const uniform = mulberry32(3);
      const examples = 1000;
      const large = {
        network: { sizes: [32, 48, 1], biases: [true, true], activation: 'tanh' as const },
        loss: 'mse' as const,
        examples,
        inputs: Float64Array.from({ length: 32 * examples }, uniform),
        targets: new Float64Array(examples),
      };
      const small = fixtureA('mse', Math);
      const opened = async () => {
        const landscape = await engine.landscape(small.problem);
        const [at, g] = landscape.basis(2);
        const [height] = landscape.scalars(1);
        landscape.write(at, small.theta);
        return { landscape, at, g, height };
      };
      const neighbour = await opened();
      const loss = async ({ landscape, at, g, height }: Awaited<ReturnType<typeof opened>>): Promise<number> => {
        landscape.gradient(at, g, height);
        return (await landscape.read([height]))[0][0];
      };
      const losses = [await loss(neighbour)];
      const before = { count: census.count(), bytes: census.bytes() };
      const after: (typeof before)[] = [];
      const ends: string[] = [];
      for (let round = 0; round < 10; round++) {
        const landscape = await engine.landscape(large);
        const at = landscape.vector();
        landscape.write(
          at,
          Float64Array.from({ length: landscape.dimension }, () => uniform() - 0.5),
        );
        landscape.linearise(at);
        const predictor = landscape.predictor(2, new Float64Array(64));
        const lanczos = new Lanczos(landscape, 16);
        let cut = (): void => undefined;
        let steps = 0;
        const breathe = (): Promise<void> | undefined =>
          moment === 'enqueued' && ++steps === 5 ? new Promise((resolve) => (cut = resolve)) : undefined;
        const product = (v: typeof at, out: typeof at): void => landscape.hessianProduct(v, out);
        const start = new Float64Array(landscape.dimension).fill(1);
        const ended = lanczos.run(product, start, { wanted: 1, tolerance: 1e-9, batch: 16 }, breathe);
        const drawn = predictor.outputs(at);
        const keep = (thrown: unknown): void => void ends.push((thrown as Error).message);
        // Commands of the neighbour before, between and after those that are dropped.
        neighbour.landscape.gradient(neighbour.at, neighbour.g, neighbour.height);
        if (moment === 'submitted') landscape.flush();
        const meanwhile = loss(neighbour);
        landscape.dispose();
        cut();
        await Promise.all([ended.catch(keep), drawn.catch(keep), predictor.outputs(at).catch(keep)]);
        losses.push(await meanwhile);
        after.push({ count: census.count(), bytes: census.bytes() });
        const next = await opened();
        losses.push(await loss(next), await loss(neighbour));
        next.landscape.dispose();
      }
      await engine.gpuDevice.queue.onSubmittedWorkDone();
      const staging = census.staging();
      neighbour.landscape.dispose();
      const left = census.bytes();
      engine.dispose();
      return { losses, before, after, ends, errors, staging, left };
    }, moment);
    expect(result.errors).toBe(0);
    expect(result.ends).toEqual(Array(30).fill('This landscape was disposed of.'));
    expect(result.losses[0]).toBeCloseTo(0.921288372067, 5);
    expect(result.losses).toEqual(Array(31).fill(result.losses[0]));
    expect(result.before.count).toBeGreaterThan(0);
    expect(result.after).toEqual(Array(10).fill(result.before));
    expect(result.left).toBe(0);
    expect(result.staging).toBeLessThan(8);
  });
}

test('after its disposal a landscape refuses every operation at once', async ({ page }) => {
  const codes = await page.evaluate(async () => {
    const { webGpu, fixtureA } = window.edgescope;
    const { engine } = await webGpu();
    const { problem, theta } = fixtureA('mse', Math);
    const landscape = await engine.landscape(problem);
    const [x, y] = landscape.basis(2);
    const [a, b] = landscape.scalars(2);
    const made = landscape.batches(1, 2);
    landscape.write(x, theta);
    landscape.linearise(x);
    landscape.dispose();
    landscape.dispose();
    const operations: Record<string, () => unknown> = {
      vector: () => landscape.vector(),
      basis: () => landscape.basis(2),
      scalars: () => landscape.scalars(1),
      batches: () => landscape.batches(1, 2),
      choose: () => landscape.choose(made, new Uint32Array(2)),
      write: () => landscape.write(x, theta),
      copy: () => landscape.copy(x, y),
      scale: () => landscape.scale(a, x),
      axpy: () => landscape.axpy(1, a, x, y),
      dot: () => landscape.dot(x, y, a),
      norm: () => landscape.norm(x, a),
      normalise: () => landscape.normalise(x, y, a, b),
      orthogonalise: () => landscape.orthogonalise(x, [y], 1),
      combine: () => landscape.combine([x], [a], y),
      flush: () => landscape.flush(),
      value: () => landscape.value(x, a),
      gradient: () => landscape.gradient(x, y, a),
      linearise: () => landscape.linearise(x),
      hessianProduct: () => landscape.hessianProduct(x, y),
      predictor: () => landscape.predictor(1, Float64Array.of(1, 2)),
    };
    const fault = (thrown: unknown): string => `${(thrown as { code: string }).code}: ${(thrown as Error).message}`;
    const codes: Record<string, string> = {};
    for (const [name, operation] of Object.entries(operations)) {
      try {
        operation();
        codes[name] = 'nothing';
      } catch (thrown) {
        codes[name] = fault(thrown);
      }
    }
    codes.read = await landscape.read(x).then(() => 'values', fault);
    codes.readNothing = await landscape.read().then(() => 'values', fault);
    engine.dispose();
    return codes;
  });
  expect(Object.keys(codes)).toHaveLength(22);
  expect(new Set(Object.values(codes))).toEqual(new Set(['engine: This landscape was disposed of.']));
});

test('a command that the GPU refuses ends the reads of its own landscape only', async ({ page }) => {
  const result = await page.evaluate(async () => {
    const { webGpu, fixtureA } = window.edgescope;
    const { engine } = await webGpu();
    const made: GPUBuffer[] = [];
    const create = engine.gpuDevice.createBuffer.bind(engine.gpuDevice);
    engine.gpuDevice.createBuffer = (descriptor) => {
      const buffer = create(descriptor);
      made.push(buffer);
      return buffer;
    };
    const { problem, theta } = fixtureA('mse', Math);
    const broken = await engine.landscape(problem);
    const whole = await engine.landscape(problem);
    const [at] = whole.basis(1);
    const [height] = whole.scalars(1);
    whole.write(at, theta);
    made.length = 0;
    const [x, y] = broken.basis(2);
    made.forEach((buffer) => buffer.destroy());
    whole.value(at, height);
    broken.copy(x, y);
    const refused = await broken.read(y).then(
      () => null,
      ({ code, message }: { code: string; message: string }) => ({ code, message }),
    );
    const [[loss]] = await whole.read([height]);
    const later = await engine.landscape(problem);
    const [zero] = await later.read(later.vector());
    engine.dispose();
    return { refused, loss, zero: zero[0] };
  });
  expect(result.refused).toEqual({ code: 'engine', message: 'The GPU refused a command of the WebGPU engine.' });
  expect(result.loss).toBeCloseTo(0.921288372067, 5);
  expect(result.zero).toBe(0);
});

test('a landscape that could not be made leaves no buffers behind', async ({ page }) => {
  const result = await page.evaluate(async () => {
    const { webGpu, fixtureA, watchBuffers } = window.edgescope;
    const { engine } = await webGpu();
    const census = watchBuffers(engine.gpuDevice);
    const compile = engine.gpuDevice.createComputePipelineAsync.bind(engine.gpuDevice);
    let most = 0;
    engine.gpuDevice.createComputePipelineAsync = () => {
      most = census.count();
      return Promise.reject(new Error('no compiler today'));
    };
    const { problem } = fixtureA('ce', Math);
    const why = await engine.landscape(problem).then(
      () => '',
      (thrown: { code: string; detail: string }) => `${thrown.code}: ${thrown.detail}`,
    );
    const left = census.count();
    engine.gpuDevice.createComputePipelineAsync = compile;
    await engine.landscape(problem);
    engine.dispose();
    return { why, most, left };
  });
  expect(result.why).toBe('engine: no compiler today');
  expect(result.most).toBeGreaterThan(0);
  expect(result.left).toBe(0);
});
