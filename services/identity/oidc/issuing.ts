/** A token for one server, made by a grant of our own: what both of them have in common. */
import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { Constraint } from './constraint.ts'
import { wordsOf } from './own-words.ts'

/** What a token says beside its subject: how that was proven, and who acts for them (RFC 8693, section 4.1). */
export interface Said {
  readonly acr?: unknown
  readonly auth_time?: unknown
  readonly act?: Actor
}
export interface Actor {
  readonly sub: string
  readonly act?: Actor
}

const said = new WeakMap<object, Said>()

/** For `extraTokenClaims`, which the engine asks while it makes the token. */
export const saidIn = (ctx: object): Record<string, unknown> | undefined => {
  const claims = said.get(ctx)
  return claims === undefined ? undefined : { ...claims }
}

interface Order extends Said {
  readonly account: string
  readonly server: Server
  readonly scope: string
  readonly secondsAtMost: number
  readonly constraint: Constraint
}

export async function issueFor(
  ctx: KoaContextWithOIDC,
  { account, server, scope, secondsAtMost, constraint, ...claims }: Order,
) {
  const { client, provider } = ctx.oidc
  const words = wordsOf(client)
  const token = new provider.AccessToken({
    accountId: account,
    client,
    gty: String(ctx.oidc.params?.['grant_type']),
    resourceServer: server.instance,
    expiresIn: Math.max(1, Math.min(secondsAtMost, words.access_token_seconds ?? 900)),
    ...(scope === '' ? {} : { scope }),
  } as never)
  const { certificate } = constraint
  if (certificate !== undefined) token.setThumbprint('x5t', certificate)
  const key = await constraint.useProof()
  if (key !== undefined) token.setThumbprint('jkt', key)
  said.set(ctx, claims)
  ctx.oidc.entity('AccessToken', token)
  const value = await token.save()
  return {
    access_token: value,
    token_type: token.tokenType,
    expires_in: token.expiration,
    ...(scope === '' ? {} : { scope }),
  }
}

/** The one server that was asked for, which the application is registered for (RFC 8707, section 2). */
export function namedServer(ctx: KoaContextWithOIDC, makeServer: MakeServer): Server {
  const { resource } = ctx.oidc.params ?? {}
  if (typeof resource !== 'string') throw new errors.InvalidTarget('one resource has to be named')
  return makeServer(ctx, resource)
}

export interface Server {
  readonly scopes: readonly string[]
  /** As the engine has it. */
  readonly instance: object
}

/** @throws InvalidTarget */
export type MakeServer = (ctx: KoaContextWithOIDC, resource: string) => Server

/** Words that were asked for and may be had. @throws InvalidScope */
export function scopeWithin(asked: unknown, allowed: readonly string[]): string {
  if (typeof asked !== 'string' || asked === '') return allowed.join(' ')
  const words = [...new Set(asked.split(' '))]
  if (words.some((word) => !allowed.includes(word)))
    throw new errors.InvalidScope('more is asked for than may be had', asked)
  return words.join(' ')
}
