import { Secret } from '../config/index.ts'
import { Fault } from '../errors/index.ts'
import { boundedText, NotTaken } from '../resilience/index.ts'
import { checkText, smsFault, type Sms } from './port.ts'

interface Options {
  readonly sid: string
  /** The account's token, or `SK…:secret` of a key that may send and no more. */
  readonly token: Secret
  /** A number in E.164 or a name of letters; a service that chooses one begins with MG. */
  readonly from: string
  /** Where the interface is; another one only in tests. */
  readonly url?: string
  readonly fetch?: typeof fetch
}

/**
 * What is wrong with the number itself: none (21211), not to be reached (21214, 21217), a short code (21265), its owner has said
 * STOP (21610), no telephone that takes texts (21614, 21635). Twilio adds codes and asks nobody to build on them, so whatever else
 * it says is taken to pass: at worst it is tried once more.
 */
const final = new Set([21_211, 21_214, 21_217, 21_265, 21_610, 21_614, 21_635])

/** Twilio's Messages API of 2010-04-01: a form, Basic authentication, 201 when it was taken. */
export function createTwilioSms(options: Options): Sms {
  const { sid, token, from, url = 'https://api.twilio.com', fetch: fetcher = fetch } = options
  const place = `${url}/2010-04-01/Accounts/${encodeURIComponent(sid)}/Messages.json`
  const sender: Record<string, string> = from.startsWith('MG')
    ? { MessagingServiceSid: from }
    : { From: from }
  return {
    async send(message) {
      const { to, text } = checkText(message)
      const secret = token.reveal()
      const basic = Buffer.from(secret.startsWith('SK') ? secret : `${sid}:${secret}`).toString('base64')
      try {
        const response = await fetcher(place, {
          method: 'POST',
          headers: { authorization: `Basic ${basic}` },
          body: new URLSearchParams({ To: to, ...sender, Body: text }),
          // Followed nowhere: it is an answer, and not that it was taken.
          redirect: 'manual',
          signal: AbortSignal.timeout(5_000),
        })
        if (response.status === 201) return leave(response)
        const code = await codeIn(response)
        // Neither the number nor the text: both are in what Twilio answers, and logs keep causes.
        const said = refusalOf(response.status, code)
        throw code !== null && final.has(code) ? smsFault.invalid(said) : said
      } catch (error) {
        throw error instanceof Fault ? error : smsFault.unavailable(error)
      }
    },
  }
}

/** It was taken: what becomes of the body changes nothing of that. */
function leave(response: Response): void {
  response.body?.cancel().catch(() => {})
}

/** Another success than the one that was agreed on says nothing of what was done. */
function refusalOf(status: number, code: number | null): Error {
  const text = `Twilio answered ${status}, code ${code ?? 'none'}.`
  return status < 300 ? new Error(text) : new NotTaken(text)
}

/** The status has said that it was not taken: a body that breaks off or is too large is one without a code. */
async function codeIn(response: Response): Promise<number | null> {
  try {
    const { code } = JSON.parse(await boundedText(response, 20_000)) as { code?: unknown }
    return typeof code === 'number' ? code : null
  } catch {
    return null
  }
}

/**
 * `twilio://SID:TOKEN@api.twilio.com?from=%2B354…`, as a setting has it; `from` may be a messaging service.
 * @returns null when it is none
 */
export function twilioOf(text: string): Options | null {
  const url = URL.parse(text)
  const from = url?.searchParams.get('from') ?? ''
  if (url?.protocol !== 'twilio:' || url.username === '' || url.password === '' || from === '') return null
  // An unencrypted way exists on this machine only, for a stand-in.
  const scheme = ['127.0.0.1', 'localhost'].includes(url.hostname) ? 'http' : 'https'
  return {
    sid: decodeURIComponent(url.username),
    token: new Secret(decodeURIComponent(url.password)),
    from,
    url: `${scheme}://${url.host}`,
  }
}
