/** η by one stroke: a key on the desktop, a thumb on the phone. */

/** η moves by this factor at a stroke. */
export const ETA_FACTOR = 1.25;
