/**
 * An application asks for a token in the name of somebody who has allowed it, without them (RFC 7523, section 2.1). It signs the wish
 * with its own key; what comes out says no more than was allowed, ends soon, and is taken back together with the consent.
 */
import { isKeepable } from '@althing/kernel/crypto'
import { createLocalJWKSet, jwtVerify, type JWTPayload } from 'jose'
import { errors, type Client, type KoaContextWithOIDC, type Provider } from 'oidc-provider'
import { createClientKeys } from './client-keys.ts'
import { constraintOf } from './constraint.ts'
import type { EngineNeeds } from './engine-needs.ts'
import { issueFor, namedServer, scopeWithin, type MakeServer } from './issuing.ts'
import { wordsOf } from './own-words.ts'
import { clockToleranceSeconds, grants, paths } from './schema.ts'

/** It is made for this moment; what has to be remembered until it ends must end soon. */
const secondsAtMost = 300

export function registerAssertionGrant(provider: Provider, needs: EngineNeeds, makeServer: MakeServer): void {
  const { issuer, now, isFirstUse, allowedTo, findSubject } = needs
  const keysAt = createClientKeys(needs)
  provider.registerGrantType(
    grants.assertion,
    async (given) => {
      const ctx = given as unknown as KoaContextWithOIDC
      const { client, params = {} } = ctx.oidc
      const assertion: unknown = params['assertion']
      if (client === undefined || typeof assertion !== 'string')
        throw new errors.InvalidRequest('assertion is missing')
      const constraint = await constraintOf(provider, given)
      // Section 3, its points as they are numbered there: 1 issuer, 2 subject, 3 audience, 4 expiry, 7 identifier, 9 signature.
      const { sub = '', exp = 0, jti = '' } = await verified(client, assertion)
      if (!(await isFirstUse(`${client.clientId} wishes`, jti, exp))) throw no('it was shown before')
      const allowed = (await findSubject(sub)) === null ? null : await allowedTo(sub, client.clientId)
      if (allowed === null) throw no('its subject has not allowed this')
      const server = namedServer(ctx, makeServer)
      const there = server.scopes
      const scope = scopeWithin(
        params['scope'],
        there.filter((word) => allowed.includes(word)),
      )
      if (scope === '') throw new errors.InvalidScope('nothing of that server was allowed', '')
      ctx.body = await issueFor(ctx, { account: sub, server, scope, constraint, secondsAtMost: 900 })
    },
    ['assertion', 'resource', 'scope'],
    ['resource'],
  )

  async function verified(client: Client, assertion: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(assertion, keysOf(client), {
        issuer: client.clientId,
        audience: [issuer, `${issuer}${paths.token}`],
        algorithms: [...needs.policyOf(wordsOf(client).policy).algorithms],
        requiredClaims: ['sub', 'exp', 'jti'],
        clockTolerance: clockToleranceSeconds,
        currentDate: now(),
      })
      if (!isKeepable(payload.sub)) throw no('its subject is no text')
      const lasts = (payload.exp ?? 0) - now().getTime() / 1000
      if (lasts > secondsAtMost) throw no('it is good for too long')
      return payload
    } catch (cause) {
      throw cause instanceof errors.InvalidGrant ? cause : no('it is not what it ought to be')
    }
  }

  const keysOf = ({ jwks, jwksUri }: Client) =>
    jwksUri === undefined ? createLocalJWKSet((jwks ?? { keys: [] }) as never) : keysAt(jwksUri)
}

const no = (why: string) => new errors.InvalidGrant(why)
