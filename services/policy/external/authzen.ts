/**
 * Any engine that speaks AuthZEN 1.0 (section 6): what it is asked is what we are asked. The address is that of its evaluations, as its
 * metadata says it. An answer that carries another request's id (X-Request-ID) is another's; many engines carry none, and as each call has a
 * connection of its own, only the engine itself could mix them up then.
 */
import { z } from 'zod'
import { post, read, wordsOf, type Way } from './call.ts'
import { fault } from './faults.ts'
import type { EnginePort } from './port.ts'

const Answer = z.object({ decision: z.boolean(), context: z.looseObject({}).optional() })

export function createAuthzen(way: Way, newId: () => string): EnginePort {
  return {
    async ask(asked, milliseconds) {
      const id = newId()
      const came = await post(way, { body: asked, milliseconds, headers: { 'x-request-id': id } })
      const told = came.headers['x-request-id']
      if (told !== undefined && told !== id) throw fault.mixed_up()
      const { decision, context = {} } = read(came, Answer)
      const reason = wordsOf(context['reason_user'])
      return { decision, ...(reason === undefined ? {} : { reason }) }
    },
  }
}
