import { page, redirect, type Route } from '@althing/kernel/http'
import { isFault } from '@althing/kernel/errors'
import { profilePage } from '@althing/web-account/profile.ts'
import type { ProfileData } from '@althing/web-account/pages.ts'
import { newAddressPage } from '@althing/web-signin/register.ts'
import { z } from 'zod'
import { EmailAddress } from '../contract.ts'
import { problemsOf } from '../person-names.ts'
import { manageOwn, type Formed, type Stale } from '../own.ts'
import { callerOf, Switches, used, withQuery, type Pages } from '../pages.ts'
import { writtenIn } from '../said.ts'
import type { OwnProfile } from './rules.ts'
import { AddressForm, Profile, ProfileForm, TokenForm } from './schema.ts'

interface Own {
  readonly id: string
  readonly name: string
  readonly email: string | null
  readonly claimedEmail: string | null
  readonly phone: string | null
  readonly locale: 'is' | 'en'
  readonly nationalId: string | null
}

interface Needs {
  readonly profile: OwnProfile
  readonly pages: Pages
  readonly stale: Stale
  /** For what weakens an account: the proof was made for it. */
  readonly moment: Stale
  readonly find: (id: string) => Promise<Own | null>
  /** The electronic ID has told us of this person; a kennitala alone may have come from a file of the office. */
  readonly hasElectronicId: (account: string) => Promise<boolean>
}

const path = '/account/profile'
const link = '/account/address'

export const profileRoutes = (needs: Needs): Route[] => [...ownRoutes(needs), ...provingRoutes(needs)]

function ownRoutes({ profile, pages, stale, moment, find, hasElectronicId }: Needs): Route[] {
  async function nameFrom({ id, nationalId }: Own): Promise<ProfileData['nameFrom']> {
    if (nationalId === null) return 'self'
    return (await hasElectronicId(id)) ? 'eid' : 'register'
  }
  async function show(
    asked: Formed,
    more: Partial<Pick<ProfileData, 'values' | 'wrong' | 'done'>> = {},
    status = 200,
  ) {
    const person = await find(asked.caller.subject)
    if (person === null) return redirect('/sign-in')
    const { wrong, values, done } = more
    const at = pages.saying(asked, path, {
      problem: wrong,
      done,
      ...(values === undefined ? {} : { values: writtenIn(values) }),
    })
    const text = profilePage(await pages.own(asked, at, person), {
      csrf: asked.csrf,
      actions: { profile: path, address: link },
      backHref: '/account',
      nameFrom: await nameFrom(person),
      ...more,
      values: {
        name: person.name,
        phone: person.phone ?? '',
        locale: person.locale,
        email: person.email ?? person.claimedEmail ?? '',
        ...more.values,
      },
    })
    return pages.show(asked, text, { status })
  }
  return [
    page(
      {
        method: 'GET',
        path,
        access: manageOwn,
        summary: 'My data.',
        query: z.object(Switches),
      },
      (asked) => {
        const {
          problem: wrong,
          done,
          values,
        } = pages.said<ProfileData['wrong'], ProfileData['done']>(asked, path)
        return show(asked, {
          ...(done === undefined ? {} : { done }),
          ...(wrong === undefined ? {} : { wrong }),
          ...(values === undefined ? {} : { values }),
        })
      },
    ),
    page({ method: 'POST', path, access: manageOwn, body: ProfileForm }, async (asked) => {
      const wished = Profile.safeParse(asked.body)
      if (!wished.success) {
        const wrong = problemsOf<'phone'>(wished.error)
        const { name, ...values } = asked.body
        return show(asked, { values: { ...values, ...(name === undefined ? {} : { name }) }, wrong }, 422)
      }
      const person = await find(asked.caller.subject)
      // Codes are proven with the number on record, and whoever has the one before is sent a text.
      const old = (person?.phone ?? '') === wished.data.phone ? null : stale(asked, path)
      if (old !== null) return old
      await profile.save(asked.caller.subject, wished.data)
      return pages.tell(asked, path, { done: 'saved' })
    }),
    page({ method: 'POST', path: link, access: manageOwn, body: AddressForm }, async (asked) => {
      // The address is where a forgotten password is replaced: another one takes its place.
      const old = moment(asked, path)
      if (old !== null) return old
      const email = EmailAddress.safeParse(asked.body.email)
      if (!email.success) return show(asked, { values: asked.body, wrong: ['email'] }, 422)
      if (!(await profile.askAddress(asked.caller.subject, email.data)))
        return show(asked, { values: asked.body, wrong: ['often'] }, 429)
      return pages.tell(asked, path, { done: 'sent' })
    }),
  ]
}

// Public: the token is the proof, and the mailbox may be on another device. Looking at the page burns nothing.
function provingRoutes({ profile, pages, find }: Needs): Route[] {
  return [
    page(
      {
        method: 'GET',
        path: link,
        access: 'public',
        query: z.object({ ...Switches, token: z.string().max(100).default('') }),
      },
      async (asked) => {
        const { token } = asked.query
        const change = await profile.look(token)
        const person = change === null ? null : await find(change.account)
        if (change === null || person === null) return used(pages, asked, path)
        const text = newAddressPage(pages.chrome(asked, withQuery(link, { token })), {
          action: '/account/address/confirm',
          csrf: asked.csrf,
          hidden: { token },
          name: person.name,
          email: change.email,
        })
        return pages.show(asked, text)
      },
    ),
    page(
      { method: 'POST', path: '/account/address/confirm', access: 'public', body: TokenForm },
      async (asked) => {
        try {
          const account = await profile.confirm(asked.body.token)
          // On another device, or where somebody else is signed in, it is said with what to sign in; they learn of nobody whose it is.
          return pages.tell(asked, callerOf(asked) === account ? '/account' : '/sign-in', { done: 'address' })
        } catch (error) {
          if (isFault(error, 'identity.profile.used')) return used(pages, asked, path)
          throw error
        }
      },
    ),
  ]
}
