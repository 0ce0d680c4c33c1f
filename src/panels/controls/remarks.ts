/** Which remarks are shown: those on the link or the last setting, then those on the data and the engine. */
import { saysLargestBatch } from '../../experiment/batch';
import type { Remark } from '../../experiment/experiment';

/**
 * Every message once, the link's first. The data's word on too large a batch is left out after the link's own: what it
 * names as asked for is what the link was corrected to.
 */
export function messagesOf(fromLink: readonly Remark[], fromData: readonly Remark[]): readonly string[] {
  const said = fromLink.some(saysLargestBatch);
  const further = said ? fromData.filter((remark) => !saysLargestBatch(remark)) : fromData;
  return [...new Set([...fromLink, ...further].map(({ message }) => message))];
}
