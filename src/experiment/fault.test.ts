/** Whatever is thrown becomes a plain object that survives the way from the worker to the page. */
import { describe, expect, it } from 'vitest';
import { EdgescopeError, faultFrom } from './fault';

describe('faultFrom', () => {
  it('keeps code, message and detail of our own errors, and adds nothing', () => {
    expect(faultFrom(new EdgescopeError('data', 'Row 3 is empty.'))).toEqual({
      code: 'data',
      message: 'Row 3 is empty.',
    });
    expect(faultFrom(new EdgescopeError('engine', 'No.', 'why'))).toEqual({
      code: 'engine',
      message: 'No.',
      detail: 'why',
    });
    expect('detail' in faultFrom(new EdgescopeError('data', 'x'))).toBe(false);
  });

  it('calls any other error internal and keeps its stack', () => {
    const fault = faultFrom(new TypeError('boom'));
    expect(fault).toMatchObject({ code: 'internal', message: 'boom' });
    expect(fault.detail).toContain('boom');
  });

  it.each([
    ['a string', 'a string'],
    [null, 'null'],
    [undefined, 'undefined'],
    [42, '42'],
  ])('makes a fault of %s', (thrown, message) => {
    expect(faultFrom(thrown)).toEqual({ code: 'internal', message });
  });

  it('is clonable', () => {
    const fault = faultFrom(new EdgescopeError('too-large', 'Too large.', 'P'));
    expect(structuredClone(fault)).toEqual(fault);
    expect(Object.getPrototypeOf(fault)).toBe(Object.prototype);
  });
});
