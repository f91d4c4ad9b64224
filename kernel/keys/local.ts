/** Wraps with a key in hand: derived from the service key, or read from a file that lies apart from the database. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Chance } from '../context/index.ts'
import { fromBase64url, openBox, sealBox, utf8 } from '../crypto/index.ts'
import { keyFault, type KeyService } from './port.ts'

export function createLocalKeys(name: string, key: Uint8Array, chance: Chance): KeyService {
  return {
    name,
    wrap: async (dataKey, place) => sealBox(key, dataKey, utf8(place), chance),
    async unwrap(wrapped, place) {
      const dataKey = openBox(key, wrapped, utf8(place))
      if (dataKey === null) throw keyFault.altered()
      return dataKey
    },
  }
}

/** Named by what is in it, not by where it lies: a file may be moved, and another key in the same place is another key. */
export function keysOfFile(path: string, chance: Chance): KeyService {
  const key = fromBase64url(readFileSync(path, 'utf8').trim())
  if (key.length !== 32) throw new Error('A key-encryption key is 32 bytes in base64url, without padding.')
  const print = createHash('sha256').update(key).digest('hex').slice(0, 16)
  return createLocalKeys(`file:${print}`, key, chance)
}
