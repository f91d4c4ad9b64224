import { page, redirect, type Route } from '@althing/kernel/http'
import { isFault } from '@althing/kernel/errors'
import { addPasskeyPage } from '@althing/web-account/add-passkey.ts'
import { removalPage } from '@althing/web-account/removal.ts'
import { z } from 'zod'
import { written } from '../contract.ts'
import { byOf, isLast, manageOwn, securityPath, type Formed, type Stale, type WaysLeft } from '../own.ts'
import { Switches, withQuery, type Pages } from '../pages.ts'
import type { Passkeys } from './rules.ts'
import { credentialText, PasskeyName } from './schema.ts'

interface Needs {
  readonly pages: Pages
  readonly stale: Stale
  /** For what weakens an account: the proof was made for it. */
  readonly moment: Stale
  readonly find: (id: string) => Promise<{ readonly name: string; readonly email: string | null } | null>
  readonly passkeys: Passkeys
  readonly waysLeft: WaysLeft
}

const id = z.string().max(1400)
const removal = '/account/passkeys/remove'

/** Adding, naming and removing passkeys. */
export const passkeyRoutes = (needs: Needs): Route[] => [
  ...addingRoutes(needs),
  renamingRoute(needs),
  ...removingRoutes(needs),
]

function addingRoutes({ pages, stale, find, passkeys }: Needs): Route[] {
  const path = '/account/passkeys/add'
  async function show(asked: Formed, problem?: 'refused' | 'name' | 'too_many') {
    const { subject } = asked.caller
    const person = await find(subject)
    if (person === null) return redirect(securityPath)
    const options = await passkeys.askToAdd(subject, person.email ?? person.name, person.name)
    const text = addPasskeyPage(await pages.own(asked, pages.saying(asked, path, { problem }), person), {
      action: path,
      csrf: asked.csrf,
      options: JSON.stringify(options),
      backHref: securityPath,
      ...(problem === undefined ? {} : { problem }),
    })
    return pages.show(asked, text, { status: problem === undefined ? 200 : 422 })
  }
  return [
    page(
      { method: 'GET', path, access: manageOwn, query: z.object(Switches) },
      async (asked) =>
        stale(asked, path) ?? show(asked, pages.said<'refused' | 'name' | 'too_many'>(asked, path).problem),
    ),
    page(
      {
        method: 'POST',
        path,
        access: manageOwn,
        body: z.strictObject({
          credential: credentialText.default(''),
          name: written(200),
        }),
      },
      async (asked) => {
        const old = stale(asked, path)
        if (old !== null) return old
        const name = PasskeyName.safeParse(asked.body.name)
        if (!name.success) return show(asked, 'name')
        try {
          await passkeys.add(asked.caller.subject, asked.body.credential, name.data, byOf(asked.caller))
          return pages.tell(asked, securityPath, { done: 'passkey' })
        } catch (error) {
          if (isFault(error, 'identity.passkeys.not_accepted')) return show(asked, 'refused')
          if (isFault(error, 'identity.passkeys.too_many')) return show(asked, 'too_many')
          throw error
        }
      },
    ),
  ]
}

function renamingRoute({ pages, passkeys }: Needs): Route {
  return page(
    {
      method: 'POST',
      path: '/account/passkeys/rename',
      access: manageOwn,
      body: z.strictObject({ id, name: written(200) }),
    },
    async (asked) => {
      const { body, caller } = asked
      const name = PasskeyName.safeParse(body.name)
      if (!name.success) return pages.tell(asked, securityPath, { done: 'unnamed' })
      const wasThere = await passkeys.rename(body.id, caller.subject, name.data)
      return pages.tell(asked, securityPath, { done: wasThere ? 'renamed' : 'gone' })
    },
  )
}

function removingRoutes({ pages, moment, find, passkeys, waysLeft }: Needs): Route[] {
  const at = (passkey: string) => withQuery(removal, { id: passkey })
  return [
    page(
      {
        method: 'GET',
        path: removal,
        access: manageOwn,
        summary: 'What follows when a passkey is removed.',
        query: z.object({ ...Switches, id: id.default('') }),
      },
      async (asked) => {
        const { subject } = asked.caller
        const [person, own] = await Promise.all([find(subject), passkeys.listOf(subject)])
        const passkey = own.find((one) => one.id === asked.query.id)
        if (person === null || passkey === undefined) return pages.tell(asked, securityPath, { done: 'gone' })
        const remaining = await waysLeft(subject, { passkey: passkey.id })
        if (isLast(remaining)) return pages.tell(asked, securityPath, { done: 'last' })
        const old = moment(asked, at(passkey.id))
        if (old !== null) return old
        const text = removalPage(await pages.own(asked, at(passkey.id), person), {
          act: 'passkey',
          name: passkey.name,
          remaining,
          action: removal,
          csrf: asked.csrf,
          hidden: { id: passkey.id },
          backHref: securityPath,
        })
        return pages.show(asked, text)
      },
    ),
    page(
      { method: 'POST', path: removal, access: manageOwn, body: z.strictObject({ id }) },
      async (asked) => {
        const old = moment(asked, at(asked.body.id))
        if (old !== null) return old
        try {
          const wasThere = await passkeys.remove(asked.body.id, asked.caller.subject, byOf(asked.caller))
          return pages.tell(asked, securityPath, { done: wasThere ? 'removed' : 'gone' })
        } catch (error) {
          if (!isFault(error, 'identity.passkeys.last')) throw error
          return pages.tell(asked, securityPath, { done: 'last' })
        }
      },
    ),
  ]
}
