/** Tokens are for servers that are known, with scopes that these have: what is misspelt here would open nothing, and nobody would know why. */
import type { Refusal } from './judge.ts'
import type { ClientMetadata } from './schema.ts'

/** A server that tokens can be for. Lent by the resources feature. */
interface Server {
  readonly uri: string
  readonly scopes: readonly string[]
}

export interface Known {
  readonly servers: readonly Server[]
  /** What was registered before stays as it was, also when its server is gone by now. */
  readonly before?: ClientMetadata['resources']
}

export function unknownServers(
  { resources = {} }: ClientMetadata,
  { servers, before = {} }: Known,
): Refusal[] {
  return Object.entries(resources).flatMap(([uri, words]): Refusal[] => {
    if (before[uri] === words) return []
    const server = servers.find((one) => one.uri === uri)
    if (server === undefined)
      return [{ field: 'resources', why: `names a server that is not known here. ${listed(servers)}` }]
    const had = (before[uri] ?? '').split(' ')
    const others = words
      .split(' ')
      .filter((word) => word !== '' && !server.scopes.includes(word) && !had.includes(word))
    if (others.length === 0) return []
    return [
      {
        field: 'resources',
        why: `names a scope that ${uri} does not have. It has: ${server.scopes.join(' ') || 'none'}`,
      },
    ]
  })
}

const listed = (servers: readonly Server[]): string =>
  servers.length === 0
    ? 'None is known yet: althing resources add makes one known'
    : `Known are: ${servers.map(({ uri, scopes }) => `${uri} (${scopes.join(' ')})`).join(', ')}`
