/** Of two secrets that live at once either proves who asks (RFC 6749, section 2.3.1). The engine knows of one. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Client, Provider } from 'oidc-provider'
import type { EngineNeeds } from './engine-needs.ts'
import { wordsOf } from './own-words.ts'

export function compareLiveSecrets(provider: Provider, { used }: Pick<EngineNeeds, 'used'>): void {
  const model = provider.Client.prototype as unknown as Comparing
  model.compareClientSecret = function (this: Client, shown: string) {
    // All of them are looked at, so that time does not say which one was nearly right.
    const right = (wordsOf(this).live_secrets ?? []).filter(({ secret }) => isSame(secret, shown))
    const [first] = right
    if (first !== undefined) used(this.clientId, first.id)
    return first !== undefined
  }
  provider.on('grant.success', ({ oidc }) => {
    if (oidc.client !== undefined) used(oidc.client.clientId)
  })
}

interface Comparing {
  compareClientSecret: (this: Client, shown: string) => boolean
}

const isSame = (known: string, shown: string): boolean => timingSafeEqual(hash(known), hash(shown))
const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
