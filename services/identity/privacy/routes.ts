import { bytes, page, redirect, type Route } from '@althing/kernel/http'
import { isFault } from '@althing/kernel/errors'
import { erasePage, passphrasePage, privacyPage } from '@althing/web-account/privacy.ts'
import type { ExportShown, PrivacyData } from '@althing/web-account/pages.ts'
import { z } from 'zod'
import { byOf, manageOwn, readOwn, type Formed, type Stale } from '../own.ts'
import { Switches, withQuery, type Pages } from '../pages.ts'
import type { Erasures } from './erasure.ts'
import type { Exports } from './exports.ts'
import { ExportForm, isPhrase, NothingForm, PhraseForm, phrases, type Export } from './schema.ts'

interface Needs {
  readonly pages: Pages
  readonly now: () => Date
  readonly stale: Stale
  readonly find: (id: string) => Promise<{ readonly name: string; readonly locale: 'is' | 'en' } | null>
  readonly exports: Exports
  readonly erasures: Erasures
  readonly graceDays: number
}

const path = '/account/privacy'
const at = {
  export: `${path}/export`,
  archive: `${path}/export/archive`,
  passphrase: `${path}/export/passphrase`,
  hide: `${path}/export/passphrase/kept`,
  erase: `${path}/erase`,
  keep: `${path}/erase/cancel`,
}

/** Taking one's data along, and having them erased. Both ask for a fresh proof. */
export const privacyRoutes = (needs: Needs): Route[] => [
  overview(needs),
  ...exportRoutes(needs),
  ...passphraseRoutes(needs),
  ...erasureRoutes(needs),
]

function overview({ pages, now, find, exports, erasures }: Needs): Route {
  return page(
    {
      method: 'GET',
      path,
      access: readOwn,
      summary: 'My data: take them along, have them erased.',
      query: z.object(Switches),
    },
    async (asked) => {
      const { subject } = asked.caller
      const [person, latest, erasure] = await Promise.all([
        find(subject),
        exports.latest(subject),
        erasures.openOf(subject),
      ])
      if (person === null) return redirect('/sign-in')
      const { done, problem } = pages.said<PrivacyData['problem'], PrivacyData['done']>(asked, path)
      const text = privacyPage(await pages.own(asked, path, person), {
        csrf: asked.csrf,
        export: shown(latest),
        passphrase: passphraseOf(latest),
        mayExport: exports.mayAsk(latest),
        erasure: erasure === null ? null : { due: erasure.dueAt },
        eraseHref: at.erase,
        actions: { export: at.export, keep: at.keep },
        backHref: '/account',
        ...(done === undefined ? {} : { done }),
        ...(problem === undefined ? {} : { problem }),
      } satisfies PrivacyData)
      return pages.show(asked, text)
    },
  )

  function passphraseOf(one: Export | null) {
    if (one?.shownUntil == null || one.shownUntil <= now()) return null
    return { href: withQuery(at.passphrase, { id: one.id }), until: one.shownUntil }
  }

  function shown(one: Export | null): ExportShown | null {
    if (one === null || (one.state === 'ready' && one.endsAt <= now())) return null
    if (one.state === 'ready')
      return { state: 'ready', href: withQuery(at.archive, { id: one.id }), until: one.endsAt }
    return one.state === 'failed'
      ? { state: 'failed' }
      : { state: 'waiting', done: one.done, parts: one.parts }
  }
}

function exportRoutes({ pages, stale, exports }: Needs): Route[] {
  return [
    page({ method: 'POST', path: at.export, access: manageOwn, body: NothingForm }, async (asked) => {
      const old = stale(asked, path)
      if (old !== null) return old
      const { subject } = asked.caller
      try {
        // A page of its own: loaded again, it asks for nothing a second time.
        return redirect(withQuery(at.passphrase, { id: await exports.ask(subject, `person:${subject}`) }))
      } catch (error) {
        if (isFault(error, 'identity.privacy.often')) return pages.tell(asked, path, { problem: 'often' })
        throw error
      }
    }),
    page(
      {
        method: 'GET',
        path: at.archive,
        access: manageOwn,
        summary: 'The archive with my data.',
        query: z.object({ ...Switches, id: z.string().max(100) }),
      },
      async (asked) => {
        const old = stale(asked, path)
        if (old !== null) return old
        const archive = await exports.fetch(asked.query.id, asked.caller.subject)
        return bytes(archive, 'application/zip', {
          headers: {
            'content-disposition': 'attachment; filename="althing.zip"',
            'cache-control': 'no-store',
          },
        })
      },
    ),
  ]
}

function passphraseRoutes({ pages, stale, find, exports }: Needs): Route[] {
  return [
    page(
      {
        method: 'GET',
        path: at.passphrase,
        access: manageOwn,
        summary: 'The passphrase of the archive, for a quarter of an hour.',
        query: z.object({ ...Switches, id: z.string().max(100) }),
      },
      async (asked) => {
        const { id } = asked.query
        const here = withQuery(at.passphrase, { id })
        const old = stale(asked, here)
        if (old !== null) return old
        const { subject } = asked.caller
        const [person, passphrase] = await Promise.all([find(subject), exports.passphraseOf(id, subject)])
        if (person === null) return redirect('/sign-in')
        if (passphrase === null) return pages.tell(asked, path, { problem: 'hidden' })
        const text = passphrasePage(await pages.own(asked, here, person), {
          action: at.hide,
          csrf: asked.csrf,
          hidden: { id },
          passphrase,
        })
        return pages.show(asked, text, { headers: { 'cache-control': 'no-store' } })
      },
    ),
    page({ method: 'POST', path: at.hide, access: manageOwn, body: ExportForm }, async ({ body, caller }) => {
      await exports.hidePassphrase(body.id, caller.subject)
      return redirect(path)
    }),
  ]
}

function erasureRoutes({ pages, stale, find, erasures, graceDays }: Needs): Route[] {
  async function show(asked: Formed, problem?: 'phrase' | 'last') {
    const person = await find(asked.caller.subject)
    if (person === null) return redirect('/sign-in')
    const chrome = await pages.own(asked, pages.saying(asked, at.erase, { problem }), person)
    const text = erasePage(chrome, {
      action: at.erase,
      csrf: asked.csrf,
      phrase: phrases[chrome.locale],
      days: graceDays,
      backHref: path,
      ...(problem === undefined ? {} : { problem }),
    })
    return pages.show(asked, text, { status: problem === undefined ? 200 : 422 })
  }
  return [
    page({ method: 'GET', path: at.erase, access: manageOwn, query: z.object(Switches) }, async (asked) =>
      (await erasures.openOf(asked.caller.subject)) !== null
        ? redirect(path)
        : (stale(asked, at.erase) ?? show(asked, pages.said<'phrase' | 'last'>(asked, at.erase).problem)),
    ),
    page({ method: 'POST', path: at.erase, access: manageOwn, body: PhraseForm }, async (asked) => {
      const old = stale(asked, at.erase)
      if (old !== null) return old
      // Whichever language the page was read in: both phrases say the same.
      if (!isPhrase(asked.body.phrase)) return show(asked, 'phrase')
      const { subject } = asked.caller
      try {
        await erasures.ask(subject, { actor: byOf(asked.caller).actor })
      } catch (error) {
        if (isFault(error, 'identity.privacy.last_superadmin')) return show(asked, 'last')
        if (!isFault(error, 'identity.privacy.already')) throw error
      }
      return pages.tell(asked, path, { done: 'erasing' })
    }),
    page({ method: 'POST', path: at.keep, access: manageOwn, body: NothingForm }, async (asked) => {
      const { caller } = asked
      try {
        await erasures.cancel(caller.subject, byOf(caller).actor)
        return pages.tell(asked, path, { done: 'kept' })
      } catch (error) {
        if (isFault(error, 'identity.privacy.no_erasure')) return pages.tell(asked, path, { problem: 'late' })
        throw error
      }
    }),
  ]
}
