/**
 * What a token of our own grants is bound to: a key that was shown (RFC 9449) or a certificate (RFC 8705), as the engine's own grants bind theirs.
 * It is judged first: whoever has to show another proof with a word of ours in it has used up nothing yet.
 */
import type { Provider, TokenEndpointGrantContext } from 'oidc-provider'
import {
  checkDpopReplay,
  checkDpopRequired,
  checkMtlsCert,
  validateDpop,
} from 'oidc-provider/lib/helpers/grants.js'

export interface Constraint {
  /** Of an application whose tokens are bound to it. */
  readonly certificate: ReturnType<typeof checkMtlsCert>
  /** Uses up the proof that was shown. @returns the thumbprint of its key @throws InvalidGrant where it was shown before */
  useProof(): Promise<string | undefined>
}

/** @throws InvalidDpopProof, UseDpopNonce; InvalidGrant where the application's tokens are bound and nothing was shown */
export async function constraintOf(provider: Provider, ctx: TokenEndpointGrantContext): Promise<Constraint> {
  const proof = await validateDpop(provider, ctx)
  const certificate = checkMtlsCert(provider, ctx)
  checkDpopRequired(provider, ctx, proof)
  return {
    certificate,
    async useProof() {
      await checkDpopReplay(provider, ctx, proof, ctx.oidc.client.clientId)
      return proof?.thumbprint
    },
  }
}
