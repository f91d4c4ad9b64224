/**
 * The engine of the moment: made from the signing keys and the servers that tokens can be for, and made anew when they change. A request that has begun ends in the
 * instance it began in, so that nothing stands still while keys rotate.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import type { Counting } from './counting.ts'
import { createEngine, tellerOf } from './engine.ts'
import type { EngineNeeds, EngineResource } from './engine-needs.ts'
import type { Signing } from './signer.ts'

interface Needs extends Omit<EngineNeeds, 'keys' | 'resources'> {
  readonly loadKeys: () => Promise<readonly Signing[]>
  readonly loadResources: () => Promise<readonly EngineResource[]>
  readonly onTokenIssued: () => void
  readonly onMade: () => void
  readonly counting: Counting
  readonly onBug: (error: unknown) => void
}

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown

export async function createEngineOfTheMoment({
  loadKeys,
  loadResources,
  onTokenIssued,
  onMade,
  counting,
  onBug,
  ...needs
}: Needs) {
  let signature = ''
  let provider: Provider
  let handler: Handler
  let tell: ReturnType<typeof tellerOf>

  async function refresh(): Promise<void> {
    const [keys, resources] = await Promise.all([loadKeys(), loadResources()])
    const signing = keys
      .map(({ kid, privateKey }) => `${kid}${privateKey === null ? '' : ' signs'}`)
      .join(', ')
    const now = `${signing}\n${JSON.stringify(resources)}`
    if (now === signature) return
    const next = createEngine({ ...needs, keys, resources })
    next.on('access_token.issued', onTokenIssued)
    next.on('access_token.saved', onTokenIssued)
    counting(next)
    next.on('server_error', (_ctx, error) => onBug(error))
    ;[tell, provider, handler, signature] = [tellerOf(next), next, next.callback(), now]
    onMade()
  }

  await refresh()
  return {
    refresh,
    provider: () => provider,
    /** That a session has ended, to an application that asked to hear of it. False when it did not. */
    tellEnd: (...ended: Parameters<typeof tell>) => tell(...ended),
    handle: (request: IncomingMessage, response: ServerResponse) => void handler(request, response),
  }
}
