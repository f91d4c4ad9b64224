/**
 * The page for the code that a device without a keyboard shows (RFC 8628, section 3.3), the question whether it is that device, and
 * the word that all is done. A code that somebody else sent along is the danger here (section 5.4), so the question says so.
 */
import type { KoaContextWithOIDC } from 'oidc-provider'
import {
  deviceCodePage,
  deviceConfirmPage,
  deviceDonePage,
  type DeviceProblem,
} from '@althing/web-signin/device.ts'
import type { Chrome } from '@althing/web-ui/document.ts'
import { withQuery, type Pages } from '../pages.ts'
import { carriedCode, switchPath } from './code-door.ts'
import type { Shown } from './engine-needs.ts'
import { paths } from './schema.ts'
import { askedOf, show } from './showing.ts'

interface Needs {
  readonly pages: Pages
  readonly isSecure: boolean
}

export function devicePages({
  pages,
  isSecure,
}: Needs): Pick<Shown, 'deviceCode' | 'deviceConfirm' | 'deviceDone' | 'deviceTooMany'> {
  /** The switches below it lead to where it says again what it says now. */
  function chrome(ctx: KoaContextWithOIDC, code?: string, problem?: DeviceProblem): Chrome {
    const asked = askedBy(ctx)
    const path = pages.saying(asked, withQuery(paths.userCode, { user_code: code }), { problem })
    return { ...pages.chrome(asked, path), switchAction: switchPath }
  }
  /** Who is signed in: what was said of a code is said again to them, and to nobody whom a link leads here. */
  const askedBy = (ctx: KoaContextWithOIDC) => {
    const { searchParams } = new URL(ctx.originalUrl, 'http://page')
    const asked = askedOf(ctx, isSecure)
    const said = searchParams.get('said') ?? undefined
    return { ...asked, query: { ...asked.query, said }, csrf: ctx.oidc?.session?.accountId ?? '' }
  }
  return {
    deviceCode(ctx, form, problem) {
      const code = carriedCode(ctx)
      // Whoever writes a code is somebody: a guess without an account is none.
      if (ctx.oidc.session?.accountId === undefined) {
        const back = code === undefined ? paths.userCode : withQuery(paths.userCode, { user_code: code })
        ctx.status = 303
        ctx.redirect(withQuery('/sign-in', { return: back }))
        return
      }
      const kind = problemOf(problem) ?? pages.said<DeviceProblem>(askedBy(ctx), paths.userCode).problem
      // The engine asks again with 200; what was wrong is said by the status as well (RFC 9110, section 15.5.21).
      if (kind !== undefined) ctx.status = 422
      const page = deviceCodePage(chrome(ctx, code ?? writtenCode(ctx), kind), {
        action: paths.userCode,
        csrf: secretOf(form),
        hidden: { xsrf: secretOf(form) },
        ...((code ?? writtenCode(ctx)) === undefined ? {} : { code: code ?? writtenCode(ctx) ?? '' }),
        ...(kind === undefined ? {} : { problem: kind }),
      })
      show(ctx, page)
    },
    deviceConfirm(ctx, form, client, code) {
      const page = deviceConfirmPage(
        { ...chrome(ctx), switchAction: 'itself' },
        {
          action: paths.userCode,
          csrf: secretOf(form),
          hidden: { xsrf: secretOf(form), user_code: code },
          client: client.clientName ?? client.clientId,
          code,
        },
      )
      show(ctx, page)
    },
    deviceTooMany(ctx, retryAfterSeconds) {
      ctx.status = 429
      ctx.set('retry-after', String(retryAfterSeconds))
      show(ctx, deviceCodePage(chrome(ctx), { action: paths.userCode, csrf: '', problem: 'too_many' }))
    },
    deviceDone(ctx) {
      const { client } = ctx.oidc
      show(ctx, deviceDonePage(chrome(ctx), { client: client?.clientName ?? client?.clientId ?? '' }))
    },
  }
}

/** What was written and not taken is there again, to be mended. */
function writtenCode(ctx: KoaContextWithOIDC): string | undefined {
  const body = ctx.oidc.body as { readonly user_code?: unknown } | undefined
  return typeof body?.user_code === 'string' && body.user_code.length <= 20 ? body.user_code : undefined
}

/** Without script and cookie of its own: the engine binds its forms to the session by this word. */
const secretOf = (form: string): string => /name="xsrf" value="([\w-]+)"/.exec(form)?.[1] ?? ''

const kinds: Readonly<Record<string, DeviceProblem>> = {
  NoCodeError: 'missing',
  NotFoundError: 'wrong',
  ExpiredError: 'expired',
  AlreadyUsedError: 'used',
  AbortedError: 'aborted',
}

function problemOf(problem: unknown): DeviceProblem | undefined {
  if (problem === undefined || problem === null) return undefined
  const name = problem instanceof Error ? problem.constructor.name : ''
  return kinds[name] ?? 'failed'
}
