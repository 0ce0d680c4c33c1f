/** What of the TensorFlow.js engine waits for the network: its backend's code, before anything is started. */
import { beforeEach, expect, it, vi } from 'vitest';
import { fetchBestTensorFlowEngine } from './engine';

const seam = vi.hoisted(() => ({
  fetch: vi.fn<(name: string) => Promise<void>>(),
  open: vi.fn<() => Promise<unknown>>(),
  context: vi.fn<() => Promise<unknown>>(),
}));
vi.mock('./backend', () => ({ fetchBackend: seam.fetch, openBackend: seam.open }));
vi.mock('../webgpu/device', () => ({ requestContext: seam.context }));

const gpu = {} as GPU;
const dispose = vi.fn();

beforeEach(() => {
  seam.fetch.mockReset().mockResolvedValue();
  seam.open
    .mockReset()
    .mockResolvedValue({ place: 'it', lost: new Promise(() => undefined), release: () => undefined });
  dispose.mockReset();
});

it.each([
  [true, 'webgpu', 0],
  [false, 'cpu', 1],
])('is the code of the backend that the adapter decides on (hardware: %s)', async (hardware, name, given) => {
  seam.context.mockResolvedValue({ adapter: { hardware }, dispose });
  let come: () => void = () => undefined;
  seam.fetch.mockImplementation(() => new Promise((resolve) => (come = resolve)));
  const fetching = fetchBestTensorFlowEngine(gpu);
  const there = vi.fn();
  void fetching.then(there);
  await vi.waitFor(() => expect(seam.fetch.mock.calls).toEqual([[name]]));
  expect(there).not.toHaveBeenCalled();
  come();
  const make = await fetching;
  expect(seam.open).not.toHaveBeenCalled();
  await make();
  expect(seam.open).toHaveBeenCalledTimes(1);
  expect(dispose).toHaveBeenCalledTimes(given);
});

it('gives the device up where that code does not come', async () => {
  seam.context.mockResolvedValue({ adapter: { hardware: true }, dispose });
  seam.fetch.mockRejectedValue(new TypeError('Failed to fetch'));
  await expect(fetchBestTensorFlowEngine(gpu)).rejects.toThrow('Failed to fetch');
  expect(dispose).toHaveBeenCalledTimes(1);
});
