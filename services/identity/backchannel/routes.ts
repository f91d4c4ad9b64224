import { page, redirect, type Answer, type Route } from '@althing/kernel/http'
import { isFault } from '@althing/kernel/errors'
import { requestPage, requestsPage, type RequestsData } from '@althing/web-account/requests.ts'
import { z } from 'zod'
import { manageOwn, readOwn, type Formed, type Stale } from '../own.ts'
import { Switches, withQuery, type Pages } from '../pages.ts'
import type { Backchannel, Shown } from './rules.ts'
import { DecisionForm, RequestPath } from './schema.ts'

interface Needs {
  readonly pages: Pages
  readonly backchannel: Pick<Backchannel, 'listFor' | 'lookAt' | 'allow' | 'refuse'>
  readonly find: (id: string) => Promise<{ readonly name: string } | null>
  /** A proof made for this very answer (decision 0019): an open browser must not be able to let anybody in. */
  readonly moment: Stale
  readonly reaches: (acr: string, levels: string) => boolean
  readonly now: () => Date
}

const path = '/account/requests'

/** Applications that ask while somebody is elsewhere, and the answer. */
export function backchannelRoutes(needs: Needs): Route[] {
  const { pages, backchannel, find, now } = needs
  return [
    page(
      {
        method: 'GET',
        path,
        access: readOwn,
        summary: 'What applications ask me to confirm.',
        query: z.object(Switches),
      },
      async (asked) => {
        const { subject } = asked.caller
        const [person, waiting] = await Promise.all([find(subject), backchannel.listFor(subject)])
        if (person === null) return redirect('/sign-in')
        const { done } = pages.said<never, RequestsData['done']>(asked, path)
        const text = requestsPage(await pages.own(asked, path, person), {
          now: now(),
          waiting: waiting.map(({ id, clientName, askedAt, expiresAt }) => ({
            href: `${path}/${id}`,
            client: clientName,
            askedAt,
            expiresAt,
          })),
          backHref: '/account',
          ...(done === undefined ? {} : { done }),
        })
        return pages.show(asked, text)
      },
    ),
    ...oneRoutes(needs),
  ]
}

function oneRoutes({ pages, backchannel, find, moment, reaches, now }: Needs): Route[] {
  return [
    page(
      {
        method: 'GET',
        path: `${path}/:request`,
        access: readOwn,
        params: RequestPath,
        query: z.object(Switches),
      },
      async (asked) => {
        const { caller, params } = asked
        const person = await find(caller.subject)
        if (person === null) return redirect('/sign-in')
        return orGone(asked, async () => {
          const one = await backchannel.lookAt(caller.subject, params.request)
          const at = `${path}/${params.request}`
          const text = requestPage(await pages.own(asked, at, person), {
            ...shownOf(one),
            now: now(),
            action: at,
            csrf: asked.csrf,
            isStrong: reaches(caller.acr ?? '', one.levels ?? ''),
            proveHref: withQuery('/sign-in/again', { return: at }),
            securityHref: '/account/security',
            backHref: path,
          })
          return pages.show(asked, text)
        })
      },
    ),
    page(
      {
        method: 'POST',
        path: `${path}/:request`,
        access: manageOwn,
        params: RequestPath,
        body: DecisionForm,
      },
      async (asked) => orGone(asked, () => decide(asked, asked.params.request, asked.body)),
    ),
  ]

  async function decide(
    asked: Formed,
    request: string,
    { decision, shown }: z.output<typeof DecisionForm>,
  ): Promise<Answer<undefined>> {
    const { subject, acr = '', amr = [], authTime = 0 } = asked.caller
    const at = `${path}/${request}`
    if (decision === 'refuse') {
      await backchannel.refuse(subject, request)
      return pages.tell(asked, path, { done: 'refused' })
    }
    const old = moment(asked, at)
    if (old !== null) return old
    const proof = { acr, amr, authTime: new Date(authTime * 1000) }
    // Another tab may have changed what may be told: what is allowed is what was read, and nothing else.
    if (!(await backchannel.allow(subject, request, shown, proof))) return redirect(at)
    return pages.tell(asked, path, { done: 'allowed' })
  }

  async function orGone(asked: Formed, work: () => Promise<Answer<undefined>>): Promise<Answer<undefined>> {
    try {
      return await work()
    } catch (error) {
      if (isFault(error, 'identity.backchannel.gone')) return pages.tell(asked, path, { done: 'gone' })
      throw error
    }
  }
}

const shownOf = ({
  clientName,
  message,
  network,
  askedAt,
  expiresAt,
  given,
  servers,
  kept,
  purpose,
  details,
}: Shown) => ({
  client: clientName,
  ...(message === null ? {} : { message }),
  network,
  askedAt,
  expiresAt,
  scopes: given,
  servers,
  kept,
  ...(purpose === undefined ? {} : { nationalIdPurpose: purpose }),
  details: details.map(({ type, ...members }) => ({
    type: textOf(type),
    members: Object.entries(members).map(([name, value]) => ({ name, value: textOf(value) })),
  })),
})

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
