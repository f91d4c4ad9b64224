import type { Page } from 'playwright-core'
import { actsFor, roomsFor } from './rooms.ts'

interface Somebody {
  readonly me: string
  readonly roles: readonly string[]
  /** What they may where it is not what their roles may: something is lent to them, or taken from them. */
  readonly may?: readonly string[] | undefined
  readonly rooms?: readonly string[] | undefined
}

/** Who sits at the console in a story, as the portal says it; asked anew each time, because stories change it. */
export async function sits(page: Page, ballotUrl: string, who: () => Somebody): Promise<void> {
  await page.route('**/session/me', (route) => {
    const { me, roles } = who()
    return route.fulfill({
      json: { signedIn: true, subject: me, name: 'Ada', roles, csrf: 'c', ballotUrl },
    })
  })
  await page.route(/\/session\/may(\?|$)/, (route) => {
    const { roles, may = actsFor(roles), rooms = roomsFor(roles) } = who()
    return route.fulfill({ json: { signedIn: true, roles, rooms, may } })
  })
}
