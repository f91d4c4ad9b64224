/** What the synchronous tree and the browser's checks share. */

// RFC 6962 section 2.1.
export const leafPrefix = Uint8Array.of(0)
export const nodePrefix = Uint8Array.of(1)

/**
 * The walk of RFC 9162 section 2.1.3.2 (the same proofs as RFC 6962): for each hash of an inclusion proof, on which side
 * of the running hash it stands. Null when a proof for this leaf and size has another length.
 */
export function inclusionSides(
  index: number,
  size: number,
  proofLength: number,
): ('left' | 'right')[] | null {
  const sides: ('left' | 'right')[] = []
  let [fn, sn] = [index, size - 1]
  for (let i = 0; i < proofLength; i++) {
    if (sn === 0) return null
    if (fn % 2 === 1 || fn === sn) {
      sides.push('left')
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else {
      sides.push('right')
    }
    ;[fn, sn] = [half(fn), half(sn)]
  }
  return sn === 0 ? sides : null
}

/** Sizes pass 2^31, so no bit operators. */
export const half = (value: number): number => Math.floor(value / 2)

export const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0
