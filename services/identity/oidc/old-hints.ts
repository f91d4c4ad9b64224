/**
 * An ID token that is shown at sign-out after its key is gone says nothing that could be believed. That is no mistake of the application, whose
 * session may be older than the key: the person is asked, as if no token had come (OpenID Connect RP-Initiated Logout 1.0, section 2).
 */
import { Provider } from 'oidc-provider'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { EngineNeeds } from './engine-needs.ts'

type Validate = (this: unknown, token: string, client: unknown) => Promise<unknown>

export function askOfOldHints(
  provider: Provider,
  { issuer, keys }: Pick<EngineNeeds, 'issuer' | 'keys'>,
): void {
  const model = provider.IdToken as unknown as { validate: Validate }
  const { validate } = model
  model.validate = async function (token, client) {
    try {
      return await validate.call(this, token, client)
    } catch (error) {
      const oidc = Provider.ctx?.oidc
      if (oidc?.route !== 'end_session' || !isOfOldKey(token)) throw error
      // Whose it was decides whether somebody is asked at all (pages.ts): from here on nobody's.
      Reflect.deleteProperty(oidc.entities, 'IdTokenHint')
      return undefined
    }
  }

  function isOfOldKey(token: string): boolean {
    const { kid } = decodeProtectedHeader(token)
    return typeof kid === 'string' && decodeJwt(token).iss === issuer && !keys.some((key) => key.kid === kid)
  }
}
