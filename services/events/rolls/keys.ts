/**
 * One issuing key for each election, slot and class. The private part lies in the database sealed under a key of the service and
 * bound to its place; it is opened in memory while tickets are issued, and is gone when the election has ended.
 */
import { openBox, sealBox, utf8, type RandomSource } from '@althing/kernel/crypto'
import { createBlindSigner, generateIssuingKey, type BlindSigner } from '@althing/kernel/tickets'
import type { Key } from './schema.ts'

interface Needs {
  readonly key: Uint8Array
  readonly chance: RandomSource
  readonly stored: (election: string) => Promise<readonly Key[]>
}

export function createKeys({ key, chance, stored }: Needs) {
  const opened = new Map<string, BlindSigner>()

  async function make(election: string, slot: string, name: string): Promise<Key> {
    const { publicKey, pkcs8 } = await generateIssuingKey()
    const sealed = sealBox(key, pkcs8, placeOf(election, slot, name), chance)
    pkcs8.fill(0)
    return { slot, class: name, n: publicKey.n, sealed }
  }

  /** Null when the private part is destroyed. */
  async function signer(election: string, slot: string, name: string): Promise<BlindSigner | null> {
    const place = `${election}/${slot}/${name}`
    const known = opened.get(place)
    if (known !== undefined) return known
    const found = (await stored(election)).find((one) => one.slot === slot && one.class === name)
    if (found === undefined || found.sealed === null) return null
    const pkcs8 = openBox(key, found.sealed, placeOf(election, slot, name))
    if (pkcs8 === null) throw new Error('An issuing key does not open: another service key, or it was moved.')
    const made = createBlindSigner(pkcs8)
    pkcs8.fill(0)
    opened.set(place, made)
    return made
  }

  return {
    make,
    signer,
    /** Elections end: what is in memory goes as well. The others are opened again when they are needed. */
    forget: () => opened.clear(),
  }
}
export type Keys = ReturnType<typeof createKeys>

const placeOf = (election: string, slot: string, name: string) =>
  utf8(`althing/issuing-key/v1\n${election}\n${slot}\n${name}`)
