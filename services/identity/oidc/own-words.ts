/** What is registered about an application in words of ours: the engine carries them along without reading them. */
import type { Client } from 'oidc-provider'

export interface OwnWords {
  readonly policy?: string
  readonly resources?: Readonly<Record<string, string>>
  readonly token_exchange?: readonly ('impersonation' | 'delegation')[]
  readonly access_token_format?: 'jwt' | 'opaque'
  readonly access_token_seconds?: number
  readonly refresh_token_seconds?: number
  readonly national_id_purpose?: Readonly<Record<'is' | 'en', string>>
  readonly frontchannel_logout_uri?: string
  readonly frontchannel_logout_session_required?: boolean
  /** By nobody here: it registered itself, or is known by a document of its own. */
  readonly registered_by?: 'itself' | 'document'
  /** All secrets that it may show just now. */
  readonly live_secrets?: readonly { readonly id: string; readonly secret: string }[]
}

export const ownWords = [
  'policy',
  'resources',
  'token_exchange',
  'access_token_format',
  'access_token_seconds',
  'refresh_token_seconds',
  'national_id_purpose',
  'frontchannel_logout_uri',
  'frontchannel_logout_session_required',
  'registered_by',
  'live_secrets',
] as const satisfies readonly (keyof OwnWords)[]

export const wordsOf = (client: Client | undefined): OwnWords => (client ?? {}) as unknown as OwnWords

/** What the engine asks of the policy that an application is held to. Lent by the clients feature. */
export interface EnginePolicy {
  readonly pkceMayBeMissing: boolean
  readonly fapi: boolean
  readonly resourceNamed: boolean
  readonly codeSeconds: number
  readonly algorithms: readonly string[]
}

export type PolicyOf = (name: unknown) => EnginePolicy
