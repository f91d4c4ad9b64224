/**
 * The one that comes after a refresh token follows from it and from a key of ours. Whoever asks again because the answer was
 * lost gets the same successor, on any node; and nothing is kept for it, so that neither the table nor the used token alone
 * tells what it is.
 */
import { createHmac, createSecretKey } from 'node:crypto'
import { Provider } from 'oidc-provider'

/** How long a used refresh token may be shown again. */
export const retrySeconds = 10

export type SuccessorOf = (token: string) => string

export function createSuccessors(key: Uint8Array): SuccessorOf {
  const keyObject = createSecretKey(key)
  return (token) =>
    createHmac('sha256', keyObject).update(`althing/oidc/successor\n${token}`).digest('base64url')
}

/** The engine asks each model for its id; a refresh token that comes from another has its id already. */
export function nameSuccessors(provider: Provider, successorOf: SuccessorOf): void {
  const model = provider.RefreshToken.prototype as unknown as { generateTokenId: () => string }
  const random = model.generateTokenId
  model.generateTokenId = function () {
    const before = Provider.ctx?.oidc.entities.RotatedRefreshToken
    return before === undefined ? random.call(this) : successorOf(before.jti)
  }
}
