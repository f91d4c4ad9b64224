import { Exchanged, may, outsideTokenPath, page, Presented, route, type Route } from '@althing/kernel/http'
import { isFault } from '@althing/kernel/errors'
import { z } from 'zod'
import { byOf, linkedPath, manageOwn, outsidePath, type Stale } from '../own.ts'
import type { Pages } from '../pages.ts'
import type { OutsideTokens } from './rules.ts'

type Needs = Pick<OutsideTokens, 'exchange' | 'unlink'> & {
  readonly stale: Stale
  readonly pages: Pick<Pages, 'tell'>
}

/** The first is for the doors of our own services: no stranger can ask there, and what they come with is never written down. */
export function outsideTokenRoutes({ exchange, unlink, stale, pages }: Needs): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: outsideTokenPath,
        access: may('tokens.exchange'),
        summary: 'Changes a token of another issuer that is trusted for a short one of ours.',
        body: Presented,
        reply: Exchanged,
      },
      async ({ body: { token, network, agent } }) => ({ token: await exchange(token, { network, agent }) }),
    ),
    page(
      {
        method: 'POST',
        path: outsidePath,
        access: manageOwn,
        body: z.strictObject({ id: z.string().max(100) }),
      },
      async (asked) => {
        const old = stale(asked, linkedPath)
        if (old !== null) return old
        try {
          await unlink(asked.caller.subject, asked.body.id, byOf(asked.caller))
        } catch (error) {
          // It was taken away in another window, or is nobody's of theirs: what was not done is not said to be.
          if (isFault(error, 'identity.outside-tokens.not_linked'))
            return pages.tell(asked, linkedPath, { done: 'gone' })
          throw error
        }
        return pages.tell(asked, linkedPath, { done: 'unlooked' })
      },
    ),
  ]
}
