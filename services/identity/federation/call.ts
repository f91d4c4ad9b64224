/** A call to another provider: with a deadline, a bound and a breaker, and every way in which it fails told as one of our faults. */
import type { Egress, Incoming } from '@althing/kernel/egress'
import { isFault } from '@althing/kernel/errors'
import type { Breaker } from '@althing/kernel/resilience'
import { fault } from './faults.ts'

export interface Caller {
  /** As the operator reads it: "The issuer answered 500." */
  readonly who: string
  readonly breaker: Breaker
  /** An issuer names the addresses of its keys and tokens itself: it cannot have us call what only we can reach. */
  readonly send: Egress['send']
}

interface Call {
  readonly headers?: Readonly<Record<string, string>>
  /** A form to post; without one it is a question. */
  readonly form?: URLSearchParams
}

const bounds = { timeoutMs: 5_000, mostBytes: 1_000_000 } as const

/** No redirect is followed: an address of the issuer's that leads elsewhere is a mistake or worse. */
export function createCall({ who, breaker, send }: Caller) {
  const said = ({ status }: Incoming) => new Error(`${who} answered ${status}.`)

  /** @returns what it answered, whatever it is, unless the issuer has failed. @throws Fault identity.federation.upstream */
  async function asked(url: string, { headers = {}, form }: Call = {}): Promise<Incoming> {
    return breaker.run(async () => {
      try {
        const came = await send(url, {
          ...bounds,
          headers,
          ...(form === undefined ? {} : posted(headers, form)),
        })
        if (came.status >= 500) throw fault.upstream(said(came))
        return came
      } catch (error) {
        throw isFault(error, 'identity.federation.upstream') ? error : fault.upstream(error)
      }
    })
  }

  /** What the issuer refuses is an answer, and does not open the breaker. @throws Fault refused, upstream */
  async function call(url: string, how?: Call): Promise<unknown> {
    const came = await asked(url, how)
    if (came.status >= 400) throw fault.refused(said(came))
    if (came.status < 200 || came.status >= 300) throw fault.upstream(said(came))
    try {
      return JSON.parse(came.text) as unknown
    } catch (error) {
      throw fault.upstream(error)
    }
  }

  return { asked, call }
}

const posted = (headers: Readonly<Record<string, string>>, form: URLSearchParams) => ({
  method: 'POST' as const,
  headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
  body: form.toString(),
})
