/**
 * Every person has a data key of their own; it lies wrapped under a key-encryption key that is not in the database.
 * Destroying the wrapped key makes everything sealed under it noise, in every backup that lacks the key, while hashes
 * over the sealed values still verify. So erasing a person and keeping a provable log do not contradict.
 */
import { type Bytes, concat, fromUtf8, lengthPrefixed, type RandomSource, utf8 } from './bytes.ts'
import { openBox, sealBox } from './box.ts'

/** Owns the wrapped keys. Whoever can write here can destroy a person's values, but not read them. */
export interface PersonKeyStore {
  /** 'destroyed' is remembered, so that a late writer cannot bring an erased person back. */
  find(subject: string): Promise<Uint8Array | 'destroyed' | null>
  /** Keeps the first: returns what is stored after the call, which may be another writer's key. */
  insert(subject: string, wrapped: Uint8Array): Promise<Uint8Array | 'destroyed'>
  replace(subject: string, from: Uint8Array, to: Uint8Array): Promise<boolean>
  /** True when there was a key and it is gone now. */
  destroy(subject: string): Promise<boolean>
}

/** Key-encryption keys by name, 32 bytes each. Several while one is being rotated. */
export interface WrappingKeys {
  readonly active: string
  readonly keys: ReadonlyMap<string, Uint8Array>
}

export interface PersonKeys {
  /** Null when the person was erased: there is nothing to seal under any more. */
  seal(subject: string, plaintext: Uint8Array, place: Uint8Array): Promise<Bytes | null>
  /** Null when the person was erased, or the value is not what was sealed for this place. */
  open(subject: string, sealed: Uint8Array, place: Uint8Array): Promise<Bytes | null>
  destroy(subject: string): Promise<boolean>
  /** Wraps the key anew under the active key-encryption key; false when there was nothing to do. */
  rewrap(subject: string): Promise<boolean>
}

export function createPersonKeys(needs: {
  readonly store: PersonKeyStore
  readonly wrapping: WrappingKeys
  readonly chance: RandomSource
}): PersonKeys {
  const { store, wrapping, chance } = needs

  // Read each time and never kept in memory: destroyed means destroyed at once, in every process.
  async function seal(subject: string, plaintext: Uint8Array, place: Uint8Array) {
    const found = await store.find(subject)
    if (found === 'destroyed') return null
    const wrapped = found ?? (await store.insert(subject, wrap(subject, chance.bytes(32))))
    if (wrapped === 'destroyed') return null
    return sealBox(unwrap(subject, wrapped), plaintext, sealedFor(subject, place), chance)
  }

  async function open(subject: string, sealed: Uint8Array, place: Uint8Array) {
    const wrapped = await store.find(subject)
    if (wrapped === null || wrapped === 'destroyed') return null
    return openBox(unwrap(subject, wrapped), sealed, sealedFor(subject, place))
  }

  async function rewrap(subject: string) {
    const wrapped = await store.find(subject)
    if (wrapped === null || wrapped === 'destroyed' || nameOf(wrapped) === wrapping.active) return false
    return store.replace(subject, wrapped, wrap(subject, unwrap(subject, wrapped)))
  }

  /** length(1) ‖ name of the wrapping key ‖ box. */
  function wrap(subject: string, dataKey: Uint8Array): Bytes {
    const name = utf8(wrapping.active)
    const box = sealBox(wrappingKey(wrapping.active), dataKey, wrappedFor(subject), chance)
    return concat(Uint8Array.of(name.length), name, box)
  }

  function unwrap(subject: string, wrapped: Uint8Array): Bytes {
    const box = wrapped.subarray(1 + (wrapped[0] ?? 0))
    const dataKey = openBox(wrappingKey(nameOf(wrapped)), box, wrappedFor(subject))
    if (dataKey === null) throw new Error('A wrapped person key does not open: it was altered or moved.')
    return dataKey
  }

  function wrappingKey(name: string): Uint8Array {
    const key = wrapping.keys.get(name)
    if (key === undefined) throw new Error(`The key-encryption key "${name}" is missing.`)
    return key
  }

  return { seal, open, rewrap, destroy: (subject) => store.destroy(subject) }
}

const nameOf = (wrapped: Uint8Array) => fromUtf8(wrapped.subarray(1, 1 + (wrapped[0] ?? 0)))
const wrappedFor = (subject: string) => lengthPrefixed('althing/person-key/v1', subject)
const sealedFor = (subject: string, place: Uint8Array) =>
  lengthPrefixed('althing/personal/v1', subject, place)

/** The twin in memory, for tests. */
export function memoryPersonKeyStore(): PersonKeyStore {
  const rows = new Map<string, Uint8Array | 'destroyed'>()
  return {
    find: async (subject) => rows.get(subject) ?? null,
    insert: async (subject, wrapped) => {
      const kept = rows.get(subject) ?? wrapped
      rows.set(subject, kept)
      return kept
    },
    replace: async (subject, from, to) => {
      if (rows.get(subject) !== from) return false
      rows.set(subject, to)
      return true
    },
    destroy: async (subject) => {
      const had = rows.get(subject) instanceof Uint8Array
      rows.set(subject, 'destroyed')
      return had
    },
  }
}
