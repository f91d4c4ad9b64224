/**
 * A signing key lies sealed under a data key of its own, which a key service has wrapped for this key and no other. The service is asked when
 * a key is made and when a node opens it for the first time; from then on it is in memory.
 */
import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { Chance } from '@althing/kernel/context'
import { openBox, sealBox, utf8 } from '@althing/kernel/crypto'
import { isFault } from '@althing/kernel/errors'
import type { KeyService } from '@althing/kernel/keys'
import { fault } from './faults.ts'
import type { SigningKey } from './schema.ts'

interface Needs {
  readonly chance: Chance
  /** The first wraps, all open. */
  readonly services: readonly [KeyService, ...KeyService[]]
  /** Under it lie rows that are older than data keys. */
  readonly sealingKey: Uint8Array
}

type Sealed = Pick<SigningKey, 'sealed' | 'dataKey' | 'wrappedBy'>

export function createSealing({ chance, services, sealingKey }: Needs) {
  const [wrapping] = services

  async function seal(kid: string, privateKey: Uint8Array): Promise<Sealed> {
    const plain = chance.bytes(32)
    const dataKey = await told(wrapping.wrap(plain, placeOf(kid)))
    const sealed = sealBox(plain, privateKey, utf8(kid), chance)
    plain.fill(0)
    return { sealed, dataKey, wrappedBy: wrapping.name }
  }

  async function open({ kid, sealed, dataKey, wrappedBy }: SigningKey): Promise<Uint8Array> {
    const key = dataKey === null ? sealingKey : await unwrap(kid, dataKey, wrappedBy)
    const der = openBox(key, sealed, utf8(kid))
    if (der === null) throw fault.sealed()
    return der
  }

  async function unwrap(kid: string, dataKey: Uint8Array, wrappedBy: string | null): Promise<Uint8Array> {
    const service = services.find(({ name }) => name === wrappedBy)
    if (service === undefined)
      throw fault.sealed(new Error(`The key service ${wrappedBy} is not among the settings.`))
    return told(service.unwrap(dataKey, placeOf(kid)))
  }

  return {
    wrappedBy: wrapping.name,
    seal,
    openDer: open,
    async open(key: SigningKey): Promise<KeyObject> {
      const der = await open(key)
      return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' })
    },
  }
}
export type Sealing = ReturnType<typeof createSealing>

const placeOf = (kid: string) => `identity/signing-key/${kid}`

/** What the key service said, as something that whoever starts the service can do something about. */
async function told<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    const isNo = isFault(error, 'kernel.keys.altered') || isFault(error, 'kernel.keys.refused')
    throw isNo ? fault.sealed(error) : fault.unreachable(error)
  }
}
