/**
 * A key service wraps the keys under which secrets lie, so that a copy of a database opens nothing. What it answers can be unwrapped by it
 * alone, and only for the place for which it was wrapped.
 */
import { faults } from '../errors/index.ts'

export interface KeyService {
  /** Stored beside what it wrapped: which service, and which key of it. No secret. */
  readonly name: string
  /** @throws Fault kernel.keys.unreachable, refused; kernel.resilience.broken, too_late */
  wrap(dataKey: Uint8Array, place: string): Promise<Uint8Array>
  /** @throws Fault the same, and kernel.keys.altered when it does not open for this place */
  unwrap(wrapped: Uint8Array, place: string): Promise<Uint8Array>
}

/** Below 500 is what a key service answered, so no failure of it: its breaker counts the others. */
export const keyFault = faults('kernel.keys', {
  unreachable: [503, 'The key service does not answer. What is open stays open; nothing new can be opened.'],
  refused: [
    424,
    'The key service refuses: look at the name of its key, and at what our credentials may do there.',
  ],
  altered: [
    422,
    'A wrapped key does not open: it was altered or moved, or its key-encryption key is not among the settings.',
  ],
})
