/**
 * Cloudflare Turnstile: the page carries a widget that leaves a response in the form, and Cloudflare says once, and only to who has the
 * secret, whether it came from a browser: https://developers.cloudflare.com/turnstile/get-started/server-side-validation
 * The address of the person is not passed on.
 */
import { z } from 'zod'
import type { Secret } from '../config/index.ts'
import { attestationFault, isAway, type Appraisal, type Verifier } from './port.ts'
import { askProvider, onceEachTime, type ProviderOptions } from './provider.ts'

/** Where the script of the widget comes from, and where its responses are verified. */
export const turnstileOrigin = 'https://challenges.cloudflare.com'

export interface TurnstileOptions extends ProviderOptions {
  readonly secret: Secret
  /** The host of the page on which the widget stood. */
  readonly hostname: string
}

/** As Cloudflare documents it: no response is longer. */
export const mostResponseLength = 2_048
const mostAnswerBytes = 16_384

const Answer = z.discriminatedUnion('success', [
  z.object({ success: z.literal(true), hostname: z.string().optional(), action: z.string().optional() }),
  z.object({ success: z.literal(false), 'error-codes': z.array(z.string()).default([]) }),
])
type Answer = z.output<typeof Answer>

/**
 * What is wrong with the response itself; our secret and their own trouble are not the client's doing. A request is malformed only by
 * what a client wrote into it, and nobody shall be able to make the provider look away.
 */
const ofTheResponse = [
  'missing-input-response',
  'invalid-input-response',
  'timeout-or-duplicate',
  'bad-request',
]

export function createTurnstile(options: TurnstileOptions): Verifier {
  const trouble = onceEachTime(options.onTrouble)
  return {
    kind: 'turnstile',
    async appraise(response, action): Promise<Appraisal> {
      if (response.length > mostResponseLength) return 'refused'
      try {
        const answer = await verify(response, options)
        trouble.isOver()
        // A response from another site, or made for another form of ours, is somebody else's.
        const isOurs = answer.success && answer.hostname === options.hostname && answer.action === action
        return isOurs ? 'genuine' : 'refused'
      } catch (error) {
        if (!isAway(error)) throw error
        trouble.begins(error)
        return 'unavailable'
      }
    },
  }
}

function verify(
  response: string,
  { secret, breaker, url = turnstileOrigin, deadlineMs = 5_000 }: TurnstileOptions,
): Promise<Answer> {
  const body = new URLSearchParams({ secret: secret.reveal(), response })
  const how = { breaker, deadlineMs, mostBytes: mostAnswerBytes, saysNoBelow: 500 }
  return askProvider(`${url}/turnstile/v0/siteverify`, { method: 'POST', body }, how, (text) => {
    const answer = Answer.parse(JSON.parse(text))
    if (!answer.success) checkIsOfTheResponse(answer['error-codes'])
    return answer
  })
}

function checkIsOfTheResponse(codes: readonly string[]): void {
  const other = codes.length === 0 ? 'no code' : codes.find((code) => !ofTheResponse.includes(code))
  if (other === undefined) return
  // Of what they write, only what looks like one of their codes goes into a log.
  const name = /^[a-z -]{1,40}$/.test(other) ? other : 'a code that is none'
  throw attestationFault.unavailable(new Error(`The provider could not verify: ${name}.`))
}
