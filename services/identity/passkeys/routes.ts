import { page, redirect, type Route } from '@althing/kernel/http'
import { isFault } from '@althing/kernel/errors'
import { addPasskeyPage } from '@althing/web-account/add-passkey.ts'
import { z } from 'zod'
import { written } from '../contract.ts'
import { byOf, manageOwn, securityPath, type Formed, type Stale } from '../own.ts'
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
}

/** Adding, naming and removing passkeys. */
export function passkeyRoutes({ pages, stale, moment, find, passkeys }: Needs): Route[] {
  const path = '/account/passkeys/add'
  const id = z.string().max(1400)
  async function show(asked: Formed, problem?: 'refused' | 'name' | 'too_many') {
    const { subject } = asked.caller
    const person = await find(subject)
    if (person === null) return redirect(securityPath)
    const options = await passkeys.askToAdd(subject, person.email ?? person.name, person.name)
    const text = addPasskeyPage(pages.chrome(asked, path, person), {
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
      async (asked) => stale(asked, path) ?? show(asked),
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
          return redirect(withQuery(securityPath, { done: 'passkey' }))
        } catch (error) {
          if (isFault(error, 'identity.passkeys.not_accepted')) return show(asked, 'refused')
          if (isFault(error, 'identity.passkeys.too_many')) return show(asked, 'too_many')
          throw error
        }
      },
    ),
    page(
      {
        method: 'POST',
        path: '/account/passkeys/rename',
        access: manageOwn,
        body: z.strictObject({ id, name: written(200) }),
      },
      async ({ body, caller }) => {
        const name = PasskeyName.safeParse(body.name)
        if (!name.success) return redirect(withQuery(securityPath, { done: 'unnamed' }))
        const wasThere = await passkeys.rename(body.id, caller.subject, name.data)
        return redirect(withQuery(securityPath, { done: wasThere ? 'renamed' : 'gone' }))
      },
    ),
    page(
      { method: 'POST', path: '/account/passkeys/remove', access: manageOwn, body: z.strictObject({ id }) },
      async (asked) => {
        const old = moment(asked, securityPath)
        if (old !== null) return old
        try {
          const wasThere = await passkeys.remove(asked.body.id, asked.caller.subject, byOf(asked.caller))
          return redirect(withQuery(securityPath, { done: wasThere ? 'removed' : 'gone' }))
        } catch (error) {
          if (!isFault(error, 'identity.passkeys.last')) throw error
          return redirect(withQuery(securityPath, { done: 'last' }))
        }
      },
    ),
  ]
}
