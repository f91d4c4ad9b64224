/** Whose an address is, and what people are called: for the commands of another service, whose operator knows people by that and not by their ids. */
import { may, route, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import { EmailAddress, People, peoplePath, PersonId } from '../contract.ts'
import type { Account } from './schema.ts'

type Called = Pick<Account, 'id' | 'name' | 'email'>

interface Needs {
  readonly byEmail: (email: string) => Promise<Called | null>
  readonly called: (ids: readonly string[]) => Promise<readonly Called[]>
}

const most = 1000
const Asked = z.union([
  z.strictObject({ email: EmailAddress }),
  z.strictObject({ ids: z.array(PersonId).max(most) }),
])

/** In a body, as an address in the path would be written down on the way, and so many ids do not fit there. */
export function addressRoute({ byEmail, called }: Needs): Route {
  return route(
    {
      method: 'POST',
      path: peoplePath,
      access: may('users.find'),
      summary: 'Whose account has this e-mail address, or what the people are called whose ids these are.',
      body: Asked,
      reply: People,
    },
    async ({ body }) => {
      const found = 'email' in body ? [await byEmail(body.email)] : await called(body.ids)
      return { people: found.flatMap((one) => (one === null ? [] : [calledOf(one)])) }
    },
  )
}

/** And nothing else of them. */
const calledOf = ({ id, name, email }: Called) => ({ id: PersonId.parse(id), name, email })
