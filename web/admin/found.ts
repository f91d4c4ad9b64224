import type { ConsoleRoom } from '@althing/portal/contract'
import type { Locale } from '@althing/web-ui/locale.ts'
import { adminTexts } from './admin-texts.ts'
import * as elections from './api.ts'
import * as clients from './clients-api.ts'
import { sayOne } from './parts.tsx'
import * as people from './people-api.ts'
import * as programs from './programs-api.ts'

export interface Places {
  /** Those that this person may enter: nothing is looked for in others. */
  readonly rooms: readonly ConsoleRoom[]
}

export interface Found {
  readonly href: string
  readonly name: string
  /** What it is: a room, or in which room it stands. */
  readonly kind: string
}

const most = 6

/** Rooms by their names; there from the first letter, and all of them before it. */
export function roomsLike(locale: Locale, rooms: Places['rooms'], words: string): Found[] {
  const t = adminTexts(locale)
  return rooms
    .map((room) => ({ href: `/admin/${room}`, name: t(`room.${room}`), kind: t('find.room') }))
    .filter(({ name }) => includes(locale, name, words))
}

/** What is in the rooms, a few of each. What cannot be asked just now is left out, and that is said. */
export async function thingsLike(
  locale: Locale,
  rooms: Places['rooms'],
  words: string,
): Promise<{ readonly found: readonly Found[]; readonly isWhole: boolean }> {
  const answers = await Promise.allSettled(
    rooms.flatMap((room) => {
      const look = looks[room]
      return look === undefined ? [] : [look(locale, words)]
    }),
  )
  const found = answers.flatMap((answer) =>
    answer.status === 'fulfilled' ? answer.value.slice(0, most) : [],
  )
  return { found, isWhole: answers.every(({ status }) => status === 'fulfilled') }
}

type Look = (locale: Locale, words: string) => Promise<Found[]>

const looks: Readonly<Partial<Record<ConsoleRoom, Look>>> = {
  async people(locale, words) {
    const { users } = await people.people({ q: words, status: '', by: 'name', after: '' })
    return users.map(({ id, name }) => thing(locale, 'people', id, name))
  },
  async elections(locale, words) {
    return (await elections.list())
      .map(({ id, title }) => thing(locale, 'elections', id, sayOne(title, locale)))
      .filter(({ name }) => includes(locale, name, words))
  },
  async clients(locale, words) {
    const { clients: some } = await clients.clients({ search: words })
    return some.map(({ id, name }) => thing(locale, 'clients', id, name))
  },
  async 'service-identities'(locale, words) {
    const { identities } = await programs.programs({ search: words })
    return identities.map(({ id, name }) => thing(locale, 'service-identities', id, name))
  },
}

const thing = (locale: Locale, room: ConsoleRoom, id: string, name: string): Found => ({
  href: `/admin/${room}/${encodeURIComponent(id)}`,
  name,
  kind: adminTexts(locale)(`room.${room}`),
})

const includes = (locale: Locale, name: string, words: string) =>
  name.toLocaleLowerCase(locale).includes(words.toLocaleLowerCase(locale))
