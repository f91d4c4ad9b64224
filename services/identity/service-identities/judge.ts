/** What is wrong with what a key is wished to be; each refusal names its field. */
import { Network } from '@althing/kernel/http'
import { fault } from './faults.ts'
import { kinds, type IdentityKind, type WishedKey } from './schema.ts'

/** A server that tokens can be for. Lent by the resources feature. */
export interface Server {
  readonly uri: string
  readonly scopes: readonly string[]
}

/** @throws Fault key_words */
export function judgeKey(kind: IdentityKind, wished: WishedKey, servers: readonly Server[]): void {
  const { keyDays } = kinds[kind]
  const wrong = [
    ...(wished.days > keyDays ? [['days', `must be at most ${keyDays} for this kind`] as const] : []),
    ...(wished.scopes.length === 0 && Object.keys(wished.resources).length === 0
      ? [['scopes', 'must say what it may do'] as const]
      : []),
    ...((wished.networks ?? []).every((network) => Network.safeParse(network).success)
      ? []
      : [['networks', 'must be networks, as 192.0.2.0/24 or 2001:db8::/32'] as const]),
    ...(Object.entries(wished.resources).every(([uri, words]) => knows(servers, uri, words))
      ? []
      : [['resources', 'must be of servers that are known, and their scopes'] as const]),
  ]
  if (wrong.length > 0)
    throw fault.key_words(undefined, {
      fields: wrong.map(([field, message]) => ({ pointer: `/${field}`, message })),
    })
}

function knows(servers: readonly Server[], uri: string, words: string): boolean {
  const server = servers.find((one) => one.uri === uri)
  return server !== undefined && words.split(' ').every((word) => server.scopes.includes(word))
}
