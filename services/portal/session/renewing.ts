/**
 * A token is renewed once for all who wait for it on this node: the pages and questions of one browser come together. Each renewal holds a connection
 * while identity is asked, so there are few at a time: pages and doors have the others, however long it takes.
 */
import { toBase64url } from '@althing/kernel/crypto'
import { createBulkhead } from '@althing/kernel/resilience'

interface Needs {
  readonly renewed: (idHash: Uint8Array) => Promise<string | null>
  readonly isRevoked: (accessToken: string) => boolean
}

const atOnce = 4

/** @returns what renews it; it throws what `renewed` does, and Fault kernel.resilience.full */
export function createRenewing({ renewed, isRevoked }: Needs) {
  const room = createBulkhead({ limit: atOnce, queue: 1_000 })
  const underWay = new Map<string, Promise<string | null>>()

  function shared(idHash: Uint8Array): Promise<string | null> {
    const id = toBase64url(idHash)
    const known = underWay.get(id)
    if (known !== undefined) return known
    const renewal = room.run(() => renewed(idHash)).finally(() => underWay.delete(id))
    underWay.set(id, renewal)
    return renewal
  }

  return async (idHash: Uint8Array): Promise<string | null> => {
    const token = await shared(idHash)
    // It may have been asked for before what it says was taken away.
    return token === null || !isRevoked(token) ? token : shared(idHash)
  }
}
