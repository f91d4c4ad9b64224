/**
 * Open Policy Agent over its REST API: the question is the input document, and the document at the path is the decision (“Get a Document (with
 * Input)”: `POST /v1/data/{path}`). It is true or false, or an object that says `allow` and perhaps `reasons`. A path that is undefined has no
 * `result`: that is how a rule without a default says no, so it is a denial like any other, and no failure of the engine.
 */
import { z } from 'zod'
import { post, read, wordsOf, type Way } from './call.ts'
import type { EnginePort, Said } from './port.ts'

const Decided = z.object({ allow: z.boolean(), reasons: z.unknown().optional() })
const Document = z.object({ result: z.union([z.boolean(), Decided]).optional() })

export function createOpa(way: Way): EnginePort {
  return {
    async ask(input, milliseconds) {
      const { result = false } = read(await post(way, { body: { input }, milliseconds }), Document)
      return typeof result === 'boolean' ? { decision: result } : saidOf(result)
    },
  }
}

function saidOf({ allow, reasons }: z.output<typeof Decided>): Said {
  const reason = wordsOf(reasons)
  return { decision: allow, ...(reason === undefined ? {} : { reason }) }
}
