/**
 * Strict client libraries of others, each behind the same verbs, so that one list of flows is run with all of them. Every check that
 * a library has is on: signatures of what comes over TLS too, `iss`, `state`, `nonce`, `at_hash`.
 */
import { exportJWK, generateKeyPair } from 'jose'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import type { SignatureAlgorithm } from '../../services/identity/clients/schema.ts'
import { callback } from './protocol.ts'

type Words = Readonly<Record<string, string>>
export type Tokens = oauth.TokenEndpointResponse
export type Waiting = oauth.DeviceAuthorizationResponse

/** How an application proves who it is. */
export type Proof =
  | { readonly by: 'none' | 'certificate' }
  | { readonly by: 'basic' | 'post'; readonly secret: string }
  | { readonly by: 'key'; readonly key: oauth.PrivateKey }

export interface Acquaintance {
  readonly origin: string
  readonly id: string
  readonly proof: Proof
  /** What the application registered, as far as its library looks at it. */
  readonly registered?: Partial<oauth.Client>
  /** Proofs of possession are made with it. */
  readonly dpop?: oauth.CryptoKeyPair
  /** What a proxy adds on the way. */
  readonly headers?: Words
}

export interface How {
  readonly isPushed?: boolean
  readonly signWith?: oauth.PrivateKey
  /** The answer comes signed (JARM). */
  readonly isAnswerSigned?: boolean
}

export interface Begun {
  readonly url: URL
  readonly verifier: string
  readonly state: string
  readonly nonce: string
  readonly isAnswerSigned: boolean
}

export interface Stranger {
  begin(parameters?: Words, how?: How): Promise<Begun>
  finish(url: URL, begun: Begun, more?: Words): Promise<Tokens>
  refresh(token: string, more?: Words): Promise<Tokens>
  credentials(parameters: Words): Promise<Tokens>
  /** Waits until its code was allowed somewhere else. */
  device(parameters: Words, allow: (waiting: Waiting) => Promise<void>): Promise<Tokens>
  grant(type: string, parameters: Words): Promise<Tokens>
  introspect(token: string): Promise<oauth.IntrospectionResponse>
  revoke(token: string): Promise<void>
  userinfo(token: string, subject: string): Promise<oauth.UserInfoResponse>
}

export interface Library {
  readonly name: string
  meet(with_: Acquaintance): Promise<Stranger>
}

/** A pair for whatever an application signs; the public half names no algorithm, because libraries have two names for one. */
export async function keyOf(alg: SignatureAlgorithm) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid: crypto.randomUUID(), use: 'sig' }
  return { key: { key: privateKey, kid: jwk.kid }, jwk, jwks: { keys: [jwk as never] } }
}

const withHeaders =
  (headers: Words = {}) =>
  (url: string, options: { readonly headers: Record<string, string> }) =>
    fetch(url, { ...options, headers: { ...options.headers, ...headers } } as RequestInit)

async function asked(parameters: Words, { isAnswerSigned = false }: How) {
  const verifier = oauth.generateRandomCodeVerifier()
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]
  const words: Record<string, string> = {
    redirect_uri: callback,
    response_type: 'code',
    scope: 'openid',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...(isAnswerSigned ? { response_mode: 'jwt' } : {}),
    ...parameters,
  }
  return { words, verifier, state, nonce, isAnswerSigned }
}

const openidClient: Library = {
  name: 'openid-client',
  async meet({ origin, id, proof, registered, dpop, headers }) {
    const proofs = {
      none: () => client.None(),
      certificate: () => client.TlsClientAuth(),
      basic: (secret: string) => client.ClientSecretBasic(secret),
      post: (secret: string) => client.ClientSecretPost(secret),
    }
    const auth =
      proof.by === 'key'
        ? client.PrivateKeyJwt(proof.key)
        : proofs[proof.by]('secret' in proof ? proof.secret : '')
    const words = { id_token_signed_response_alg: 'ES256', ...registered } as client.ClientMetadata
    const known = async (isAnswerSigned = false) => {
      const config = await client.discovery(new URL(origin), id, words, auth, {
        execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
      })
      config[client.customFetch] = withHeaders(headers) as client.CustomFetch
      if (isAnswerSigned) client.useJwtResponseMode(config)
      return config
    }
    const config = await known()
    // It asks for signed answers with a configuration of their own: two readings of one answer do not go together there.
    const signed = await known(true)
    const options = dpop === undefined ? {} : { DPoP: client.getDPoPHandle(config, dpop) }
    return {
      async begin(parameters = {}, how = {}) {
        const { words: all, ...begun } = await asked(parameters, how)
        const one = how.isAnswerSigned === true ? signed : config
        const direct =
          how.signWith === undefined
            ? client.buildAuthorizationUrl(one, all)
            : await client.buildAuthorizationUrlWithJAR(one, all, how.signWith)
        const url =
          how.isPushed === true
            ? await client.buildAuthorizationUrlWithPAR(one, direct.searchParams, options)
            : direct
        return { url, ...begun }
      },
      finish: (url, { verifier, state, nonce, isAnswerSigned }, more = {}) =>
        client.authorizationCodeGrant(
          isAnswerSigned ? signed : config,
          url,
          { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true },
          more,
          options,
        ),
      refresh: (token, more = {}) => client.refreshTokenGrant(config, token, more, options),
      credentials: (parameters) => client.clientCredentialsGrant(config, parameters, options),
      async device(parameters, allow) {
        const waiting = await client.initiateDeviceAuthorization(config, parameters)
        await allow(waiting)
        return client.pollDeviceAuthorizationGrant(config, { ...waiting, interval: 0 }, {}, options)
      },
      grant: (type, parameters) => client.genericGrantRequest(config, type, parameters, options),
      introspect: (token) => client.tokenIntrospection(config, token),
      revoke: (token) => client.tokenRevocation(config, token),
      userinfo: (token, subject) => client.fetchUserInfo(config, token, subject, options),
    }
  },
}

const oauth4webapi: Library = {
  name: 'oauth4webapi',
  async meet({ origin, id, proof, registered, dpop, headers }) {
    const issuer = new URL(origin)
    const insecure = { [oauth.allowInsecureRequests]: true }
    const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure))
    const me: oauth.Client = { client_id: id, id_token_signed_response_alg: 'ES256', ...registered }
    const proofs = {
      none: () => oauth.None(),
      certificate: () => oauth.TlsClientAuth(),
      basic: (secret: string) => oauth.ClientSecretBasic(secret),
      post: (secret: string) => oauth.ClientSecretPost(secret),
    }
    const auth =
      proof.by === 'key'
        ? oauth.PrivateKeyJwt(proof.key)
        : proofs[proof.by]('secret' in proof ? proof.secret : '')
    const options = {
      ...insecure,
      [oauth.customFetch]: withHeaders(headers) as never,
      ...(dpop === undefined ? {} : { DPoP: oauth.DPoP(me, dpop) }),
    }
    /** Sends it again when a word of the server has to be in the proof (RFC 9449, section 8). */
    async function answered<T>(send: () => Promise<Response>, read: (answer: Response) => Promise<T>) {
      const once = async () => {
        const answer = await send()
        return { answer, value: await read(answer) }
      }
      return once().catch((error: unknown) => {
        if (!oauth.isDPoPNonceError(error)) throw error
        return once()
      })
    }
    async function proven<T>(
      send: () => Promise<Response>,
      read: (answer: Response) => Promise<T>,
      isSigned = true,
    ) {
      const { answer, value } = await answered(send, read)
      if (isSigned) await oauth.validateApplicationLevelSignature(as, answer, insecure)
      return value
    }
    const tokensOf = async (
      send: () => Promise<Response>,
      read: (answer: Response) => Promise<Tokens>,
    ): Promise<Tokens> => {
      const { answer, value } = await answered(send, read)
      if (value.id_token !== undefined) await oauth.validateApplicationLevelSignature(as, answer, insecure)
      return value
    }
    return {
      async begin(parameters = {}, how = {}) {
        const { words, ...begun } = await asked(parameters, how)
        const plain = new URLSearchParams({ client_id: id, ...words })
        const form =
          how.signWith === undefined
            ? plain
            : new URLSearchParams({
                client_id: id,
                request: await oauth.issueRequestObject(as, me, plain, how.signWith),
              })
        const url = new URL(as.authorization_endpoint ?? '')
        if (how.isPushed !== true) {
          url.search = form.toString()
          return { url, ...begun }
        }
        const pushed = await proven(
          () => oauth.pushedAuthorizationRequest(as, me, auth, form, options),
          (answer) => oauth.processPushedAuthorizationResponse(as, me, answer),
          false,
        )
        url.search = new URLSearchParams({ client_id: id, request_uri: pushed.request_uri }).toString()
        return { url, ...begun }
      },
      async finish(url, { verifier, state, nonce, isAnswerSigned }, more = {}) {
        const said = isAnswerSigned
          ? await oauth.validateJwtAuthResponse(as, me, url, state, insecure)
          : oauth.validateAuthResponse(as, me, url, state)
        return tokensOf(
          () =>
            oauth.authorizationCodeGrantRequest(as, me, auth, said, callback, verifier, {
              ...options,
              additionalParameters: more,
            }),
          (answer) =>
            oauth.processAuthorizationCodeResponse(as, me, answer, {
              expectedNonce: nonce,
              requireIdToken: true,
            }),
        )
      },
      refresh: (token, more = {}) =>
        tokensOf(
          () =>
            oauth.refreshTokenGrantRequest(as, me, auth, token, { ...options, additionalParameters: more }),
          (answer) => oauth.processRefreshTokenResponse(as, me, answer),
        ),
      credentials: (parameters) =>
        tokensOf(
          () => oauth.clientCredentialsGrantRequest(as, me, auth, parameters, options),
          (answer) => oauth.processClientCredentialsResponse(as, me, answer),
        ),
      async device(parameters, allow) {
        const answer = await oauth.deviceAuthorizationRequest(as, me, auth, parameters, options)
        const waiting = await oauth.processDeviceAuthorizationResponse(as, me, answer)
        await allow(waiting)
        return tokensOf(
          () => oauth.deviceCodeGrantRequest(as, me, auth, waiting.device_code, options),
          (given) => oauth.processDeviceCodeResponse(as, me, given),
        )
      },
      grant: (type, parameters) =>
        tokensOf(
          () => oauth.genericTokenEndpointRequest(as, me, auth, type, parameters, options),
          (answer) => oauth.processGenericTokenEndpointResponse(as, me, answer),
        ),
      introspect: (token) =>
        proven(
          () => oauth.introspectionRequest(as, me, auth, token, options),
          (answer) => oauth.processIntrospectionResponse(as, me, answer),
          me.introspection_signed_response_alg !== undefined,
        ),
      async revoke(token) {
        await oauth.processRevocationResponse(await oauth.revocationRequest(as, me, auth, token, options))
      },
      userinfo: (token, subject) =>
        proven(
          () => oauth.userInfoRequest(as, me, token, options),
          (answer) => oauth.processUserInfoResponse(as, me, subject, answer),
          me.userinfo_signed_response_alg !== undefined,
        ),
    }
  },
}

export const libraries: readonly Library[] = [openidClient, oauth4webapi]
