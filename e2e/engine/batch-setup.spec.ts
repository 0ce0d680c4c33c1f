/**
 * What a mini-batch needs on WebGPU is made and compiled before its first step, and what the GPU refuses of it is the
 * fault of its own landscape alone.
 */
import { expect, test } from './support';

test('after a read, the first step on a batch compiles and makes nothing', async ({ page }) => {
  const result = await page.evaluate(async () => {
    const { webGpu, fixtureC } = window.edgescope;
    const { engine } = await webGpu();
    const device = engine.gpuDevice;
    const compiled: string[] = [];
    const late: string[] = [];
    const made: string[] = [];
    const ahead = device.createComputePipelineAsync.bind(device);
    device.createComputePipelineAsync = (descriptor) => {
      compiled.push(descriptor.label ?? '');
      return ahead(descriptor);
    };
    const now = device.createComputePipeline.bind(device);
    device.createComputePipeline = (descriptor) => {
      late.push(descriptor.label ?? '');
      return now(descriptor);
    };
    const create = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      made.push(descriptor.label ?? '');
      return create(descriptor);
    };
    const { problem, theta } = fixtureC(Math);
    const landscape = await engine.landscape(problem);
    const counts: { size: number; lanes: number; compiled: string[]; late: string[]; made: string[] }[] = [];
    for (const [size, lanes] of [
      [10, 1],
      [10, 3],
      [problem.examples, 1],
    ]) {
      const [at, g] = landscape.basis(2, lanes);
      const [height, value] = landscape.scalars(2, lanes);
      landscape.write(at, theta);
      compiled.length = 0;
      const [batch] = landscape.batches(1, size, lanes);
      await landscape.read([height]);
      late.length = 0;
      made.length = 0;
      landscape.gradient(at, g, height, batch);
      landscape.value(at, value, batch);
      await landscape.read([height], [value], g);
      counts.push({ size, lanes, compiled: [...compiled], late: [...late], made: [...made] });
    }
    engine.dispose();
    return { counts, examples: problem.examples };
  });
  for (const { late, made } of result.counts) {
    expect(late).toEqual([]);
    expect(made.filter((label) => label !== 'staging')).toEqual([]);
  }
  const [one, three, whole] = result.counts.map(({ compiled }) => compiled);
  expect(one).toContain('gather batch');
  expect(one).toContain('gradient');
  expect(three).toContain('gradient');
  // A batch as large as the data set goes through the kernels of the data set.
  expect(result.counts[2].size).toBe(result.examples);
  expect(whole).toEqual(['gather batch']);
});

test('a batch as large as the data set shares its arrays, and leaves what was linearised alone', async ({ page }) => {
  const result = await page.evaluate(async () => {
    const { webGpu, fixtureA } = window.edgescope;
    const { engine } = await webGpu();
    const made: string[] = [];
    const create = engine.gpuDevice.createBuffer.bind(engine.gpuDevice);
    engine.gpuDevice.createBuffer = (descriptor) => {
      made.push(descriptor.label ?? '');
      return create(descriptor);
    };
    const { problem, theta } = fixtureA('mse', Math);
    const landscape = await engine.landscape(problem);
    const { examples } = problem;
    const [at, g, v, before, after] = landscape.basis(5);
    const [full, height] = landscape.scalars(2);
    landscape.write(at, theta);
    landscape.write(v, theta);
    const [batch] = landscape.batches(1, examples);
    landscape.choose(
      [batch],
      Uint32Array.from({ length: examples }, (_, i) => examples - 1 - i),
    );
    landscape.value(at, full);
    landscape.linearise(at);
    landscape.hessianProduct(v, before);
    landscape.gradient(at, g, height, batch);
    landscape.hessianProduct(v, after);
    const [[whole], [reversed], first, second] = await landscape.read([full], [height], before, after);
    engine.dispose();
    return { made, whole, reversed, first: [...first], second: [...second] };
  });
  expect(result.made.filter((label) => label === 'work a')).toHaveLength(1);
  expect(result.reversed).toBeCloseTo(result.whole, 6);
  expect(result.second).toEqual(result.first);
});

const FAULTS = ['buffer', 'late buffer', 'module', 'late module', 'pipeline', 'late pipeline'] as const;
for (const fault of FAULTS) {
  test(`a ${fault} that the GPU refuses to a batch ends the reads of its own landscape only`, async ({ page }) => {
    const result = await page.evaluate(async (fault) => {
      const { webGpu, fixtureA } = window.edgescope;
      const { engine } = await webGpu();
      const device = engine.gpuDevice;
      let uncaught = 0;
      device.addEventListener('uncapturederror', () => uncaught++);
      const { problem, theta } = fixtureA('mse', Math);
      const [broken, whole] = [await engine.landscape(problem), await engine.landscape(problem)];
      const opened = (landscape: typeof whole) => {
        const [at, g] = landscape.basis(2);
        const [height] = landscape.scalars(1);
        landscape.write(at, theta);
        return { at, g, height };
      };
      const [b, w] = [opened(broken), opened(whole)];
      broken.gradient(b.at, b.g, b.height);
      whole.gradient(w.at, w.g, w.height);
      await Promise.all([broken.read([b.height]), whole.read([w.height])]);
      const { createBuffer, createShaderModule, createComputePipeline, createComputePipelineAsync } = device;
      const late = fault.startsWith('late');
      const sabotage = (): void => {
        if (fault.endsWith('buffer')) {
          device.createBuffer = (descriptor) => {
            const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE;
            return createBuffer.call(device, { ...descriptor, usage });
          };
        } else if (fault.endsWith('module')) {
          device.createShaderModule = (descriptor) => {
            return createShaderModule.call(device, { ...descriptor, code: 'no WGSL' });
          };
        } else {
          device.createComputePipelineAsync = () => Promise.reject(new Error('no compiler today'));
          device.createComputePipeline = (descriptor) => {
            return createComputePipeline.call(device, {
              ...descriptor,
              compute: { ...descriptor.compute, entryPoint: 'none' },
            });
          };
        }
      };
      if (!late) sabotage();
      const [batch] = broken.batches(1, 3);
      if (late) {
        await broken.read([b.height]);
        sabotage();
        broken.linearise(b.at, batch); // products on a batch are not prepared: nobody may ever want them
      } else if (fault === 'buffer') {
        broken.choose([batch], Uint32Array.of(0, 1, 2));
        broken.write(broken.vector(), theta);
        // The later ones are held until fewer submissions are under way.
        for (let i = 0; i < 6; i++) {
          broken.gradient(b.at, b.g, b.height, batch);
          broken.choose([batch], Uint32Array.of(2, 1, 0));
        }
      }
      const why = (thrown: { code: string; message: string }) => `${thrown.code}: ${thrown.message}`;
      const refused: string[] = [];
      for (let i = 0; i < 2; i++) refused.push(await broken.read([b.height]).then(() => 'values', why));
      Object.assign(device, { createBuffer, createShaderModule, createComputePipeline, createComputePipelineAsync });
      broken.dispose();
      const [next] = whole.batches(1, 3);
      whole.gradient(w.at, w.g, w.height, next);
      const [[loss]] = await whole.read([w.height]);
      // What was refused above, in the kernels that all landscapes share.
      const [product] = whole.basis(1);
      whole.linearise(w.at, next);
      whole.hessianProduct(w.g, product);
      const [curved] = await whole.read(product);
      const later = await engine.landscape(problem);
      const [zeros] = await later.read(later.vector());
      engine.dispose();
      return { refused, loss, curved: [...curved], zeros: [...zeros], uncaught };
    }, fault);
    expect(result.refused[0]).toMatch(/^engine: The GPU /);
    expect(result.refused[1]).toBe(result.refused[0]);
    expect(result.loss).toBeGreaterThan(0);
    expect(Math.max(...result.curved.map(Math.abs))).toBeGreaterThan(0);
    expect(new Set(result.zeros)).toEqual(new Set([0]));
    expect(result.uncaught).toBe(0);
  });
}
