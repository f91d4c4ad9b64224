/**
 * Argon2id (RFC 9106) with its own bounded queue: as many at once as there are cores, a number that may wait, and for
 * everybody after that an answer at once instead of a server that stands still. Hashes are made in threads of their own.
 */
import { availableParallelism } from 'node:os'
import { hash } from '@node-rs/argon2'
import type { Chance } from '@althing/kernel/context'
import { Fault } from '@althing/kernel/errors'
import { createBulkhead } from '@althing/kernel/resilience'
import { fault } from './faults.ts'
import { verifierOf } from './foreign.ts'
import { createHashThreads } from './threads.ts'

interface Options {
  readonly memoryKib: number
  readonly passes: number
  readonly queue: number
  readonly chance: Chance
}

/** Cores are the process's, however many services run in it. */
const threads = createHashThreads()

export interface Hashing {
  hash(password: string): Promise<string>
  /** With no stored hash the same work is done and the answer is no: time tells nobody who has an account. */
  verify(phc: string | null, password: string): Promise<boolean>
  /** True when the parameters have risen since it was made, or it came from elsewhere. */
  isOutdated(phc: string): boolean
}

export function createHashing({ memoryKib, passes, queue, chance }: Options): Hashing {
  const options = { memoryCost: memoryKib, timeCost: passes, parallelism: 1 }
  const bulkhead = createBulkhead({ limit: availableParallelism(), queue })
  const bounded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await bulkhead.run(work)
    } catch (error) {
      throw error instanceof Fault ? fault.busy(error, { retryAfterSeconds: 2 }) : error
    }
  }
  // Not in one of the threads, which a service at rest has none of.
  const nobodys = hash(Buffer.from(chance.bytes(32)), options)
  const verifier = (phc: string) => verifierOf(phc, threads.verify)

  async function verify(phc: string | null, password: string): Promise<boolean> {
    const check = verifier(phc ?? (await nobodys)) ?? verifier(await nobodys)
    const isRight = await bounded(async () => (await check?.(password.normalize('NFC'))) === true)
    return isRight && phc !== null
  }

  return {
    hash: (password) => bounded(() => threads.hash(password.normalize('NFC'), options)),
    verify,
    isOutdated: (phc) => !phc.startsWith(`$argon2id$v=19$m=${memoryKib},t=${passes},p=1$`),
  }
}
