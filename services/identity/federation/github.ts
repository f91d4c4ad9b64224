/**
 * GitHub speaks OAuth 2 and no OpenID: there is no ID token, so who somebody is is asked with the access token, and the token is
 * forgotten at once. The number of the account is the subject; its name can change hands.
 */
import { z } from 'zod'
import type { Secret } from '@althing/kernel/config'
import { createCall, type Caller } from './call.ts'
import type { Connector } from './connectors.ts'
import { fault } from './faults.ts'

interface Options extends Pick<Caller, 'breaker' | 'send'> {
  readonly id: string
  readonly name: string
  readonly clientId: string
  readonly clientSecret: Secret
  readonly redirectUri: string
  /** `https://github.com`, or an installation of one's own, whose interface lies below `/api/v3`. */
  readonly url: string
}

const Token = z.object({ access_token: z.string().min(1).max(1000) })
const User = z.object({ id: z.int().positive() })

export function createGithub({
  id,
  name,
  clientId,
  clientSecret,
  redirectUri,
  url,
  ...calling
}: Options): Connector {
  const api = url === 'https://github.com' ? 'https://api.github.com' : `${url}/api/v3`

  const { call } = createCall({ ...calling, who: 'GitHub' })

  return {
    id,
    name,
    issuer: url,
    origin: new URL(url).origin,
    authorizationUrl: ({ state, challenge }) => {
      const query = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUri,
        scope: '',
        state,
        code_challenge: challenge,
        code_challenge_method: 'S256',
      })
      return Promise.resolve(`${url}/login/oauth/authorize?${query.toString()}`)
    },
    checkIssuer: (iss) =>
      iss === undefined || iss === url || iss === `${url}/login/oauth`
        ? Promise.resolve()
        : Promise.reject(fault.refused(new Error('The response names another issuer.'))),
    async redeem({ code, verifier }) {
      const token = Token.safeParse(
        await call(`${url}/login/oauth/access_token`, {
          headers: { accept: 'application/json' },
          form: new URLSearchParams({
            client_id: clientId,
            client_secret: clientSecret.reveal(),
            code,
            redirect_uri: redirectUri,
            code_verifier: verifier,
          }),
        }),
      )
      // GitHub answers 200 with an error inside when the code is not right.
      if (!token.success) throw fault.refused(new Error('No token was given.'))
      const headers = {
        'user-agent': 'Althing',
        authorization: `Bearer ${token.data.access_token}`,
        accept: 'application/vnd.github+json',
      }
      const user = User.safeParse(await call(`${api}/user`, { headers }))
      if (!user.success) throw fault.upstream(user.error)
      return { subject: String(user.data.id) }
    },
  }
}
