import { setting } from '@althing/kernel/config'
import { z } from 'zod'
import { isOnThisMachine } from '../stand-ins.ts'
import { IssuerSetting } from './schema.ts'

/** Google's keys for ID tokens of Firebase, as JWKs. */
export const firebaseKeysUrl =
  'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com'

/** https; only on this very machine may it be http, for demonstrations and tests. */
const isAddress = (url: string): boolean =>
  URL.canParse(url) && (url.startsWith('https://') || isOnThisMachine(url))

export const issuerOf = (one: IssuerSetting): string =>
  one.kind === 'firebase' ? `https://securetoken.google.com/${one.project}` : one.issuer

/** The setting, parsed; null when it is not right, which the start of the service then says. */
export function issuersOf(text: string): readonly IssuerSetting[] | null {
  try {
    const parsed = z.array(IssuerSetting).max(10).parse(JSON.parse(text))
    const isRight =
      parsed.every((one) => isAddress(issuerOf(one)) && isAddress(one.keysUrl ?? issuerOf(one))) &&
      new Set(parsed.map(({ id }) => id)).size === parsed.length &&
      new Set(parsed.map(issuerOf)).size === parsed.length
    return isRight ? parsed : null
  } catch {
    return null
  }
}

export const outsideTokenSettings = {
  tokenIssuers: setting({
    env: 'ALTHING_IDENTITY_TOKEN_ISSUERS',
    schema: z.string().refine((text) => issuersOf(text) !== null),
    fallback: '[]',
    doc: 'Other issuers whose tokens are taken as a bearer while an organisation moves over, as JSON: [{"id": "firebase", "kind": "firebase", "name": "The old app", "project": "our-project", "kennitalaClaim": "kennitala"}], or kind oidc with issuer, audiences and algorithms. Such a token may look at what is its person’s own, and nothing more; read decisions/0018-tokens-of-other-issuers.md.',
  }),
} as const
