/** A token of ours that somebody shows in order to get another one for it: whose it is, what it is for, and whether it still stands. */
import { createLocalJWKSet, exportJWK, jwtVerify, type JSONWebKeySet } from 'jose'
import type { Provider } from 'oidc-provider'
import type { EngineNeeds } from './engine-needs.ts'
import type { Actor } from './issuing.ts'

export interface Presented {
  /** A person; null when an application has it for itself. */
  readonly account: string | null
  readonly client: string
  readonly audience: string | undefined
  readonly scope: readonly string[]
  readonly endsAt: number
  readonly isBound: boolean
  readonly acr?: unknown
  readonly authTime?: unknown
  readonly act?: Actor | undefined
}

export function createPresented({ issuer, keys, findSubject, now }: EngineNeeds) {
  let published: Promise<ReturnType<typeof createLocalJWKSet>> | undefined

  /** Null when it is none of ours, is over, or its person is shut out. */
  return async function presented(provider: Provider, token: string): Promise<Presented | null> {
    const found = token.split('.').length === 3 ? await signed(token) : await stored(provider, token)
    if (found === null || found.endsAt <= now().getTime() / 1000) return null
    return found.account !== null && (await findSubject(found.account)) === null ? null : found
  }

  async function signed(token: string): Promise<Presented | null> {
    published ??= keySet(keys.filter(({ isPast }) => isPast !== true))
    try {
      const { payload } = await jwtVerify(token, await published, {
        issuer,
        typ: 'at+jwt',
        currentDate: now(),
        requiredClaims: ['sub', 'aud', 'exp', 'client_id'],
      })
      const client = String(payload['client_id'])
      return {
        account: payload.sub === client ? null : String(payload.sub),
        client,
        audience: typeof payload.aud === 'string' ? payload.aud : undefined,
        scope: wordsIn(payload['scope']),
        endsAt: payload.exp ?? 0,
        isBound: payload['cnf'] !== undefined,
        acr: payload['acr'],
        authTime: payload['auth_time'],
        act: payload['act'] as Actor | undefined,
      }
    } catch {
      return null
    }
  }

  async function stored(provider: Provider, token: string): Promise<Presented | null> {
    const found = await provider.AccessToken.find(token)
    if (found === undefined || !found.isValid) return null
    const { accountId, clientId = '', aud, scope, exp = 0, extra = {} } = found
    return {
      account: accountId,
      client: clientId,
      audience: typeof aud === 'string' ? aud : undefined,
      scope: wordsIn(scope),
      endsAt: exp,
      isBound: found.isSenderConstrained(),
      acr: extra['acr'],
      authTime: extra['auth_time'],
      act: extra['act'] as Actor | undefined,
    }
  }
}

const wordsIn = (text: unknown): string[] =>
  typeof text === 'string' ? text.split(' ').filter((word) => word !== '') : []

async function keySet(keys: EngineNeeds['keys']) {
  const jwks = await Promise.all(
    keys.map(async ({ kid, alg, publicKey }) => ({
      ...(await exportJWK(publicKey)),
      kid,
      alg,
    })),
  )
  return createLocalJWKSet({ keys: jwks } as JSONWebKeySet)
}
