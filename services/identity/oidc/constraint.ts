/**
 * What a token of our own grants is bound to: a key that was shown (RFC 9449) or a certificate (RFC 8705), as the engine's own grants bind theirs.
 * It is judged first: whoever has to show another proof with a word of ours in it has used up nothing yet.
 */
import type { AccessToken, Provider, TokenEndpointGrantContext } from 'oidc-provider'
import {
  checkDpopReplay,
  checkDpopRequired,
  checkMtlsCert,
  validateDpop,
} from 'oidc-provider/lib/helpers/grants.js'

/** Binds a token that is being made; a proof is used up by it. @throws InvalidGrant where the proof was shown before */
export type Bind = (token: Bindable) => Promise<void>

type Bindable = Pick<AccessToken, 'setThumbprint'>

/** @throws InvalidDpopProof, UseDpopNonce; InvalidGrant where the application's tokens are bound and nothing was shown */
export async function constraintOf(provider: Provider, ctx: TokenEndpointGrantContext): Promise<Bind> {
  const proof = await validateDpop(provider, ctx)
  const certificate = checkMtlsCert(provider, ctx)
  checkDpopRequired(provider, ctx, proof)
  return async (token) => {
    if (certificate !== undefined) token.setThumbprint('x5t', certificate)
    if (proof === undefined) return
    await checkDpopReplay(provider, ctx, proof, ctx.oidc.client.clientId)
    token.setThumbprint('jkt', proof.thumbprint)
  }
}
