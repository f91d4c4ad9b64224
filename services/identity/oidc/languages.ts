/**
 * In which language somebody is asked whom an application has sent: in the first one of its `ui_locales` that we have (OpenID Connect Core,
 * section 3.1.2.1; RP-Initiated Logout, section 2). One that we do not have is no mistake. It is kept in a cookie for as long as the
 * question lasts, because the pages of signing in are many, and is gone with the answer; of two questions at once in one browser the
 * later one is heard. What the person says themselves goes before it: see `applicationLanguage`.
 */
import { serializeCookie, type Cookie } from '@althing/kernel/http'
import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import { applicationLanguage, chosenIn, languageOf, type Asked } from '../pages.ts'
import { paths } from './schema.ts'

/** As long as a question may take (tokens.ts). */
const maxAgeSeconds = 600

export function hearLanguages(provider: Provider, { issuer }: { readonly issuer: string }): void {
  const isSecure = issuer.startsWith('https:')
  provider.use(async (given, next) => {
    const ctx = given as unknown as KoaContextWithOIDC
    keepSwitches(ctx)
    await next()
    for (const cookie of [...keptBy(ctx), ...(ctx.type === 'text/html' ? chosenIn(switchesIn(ctx)) : [])])
      ctx.append('set-cookie', serializeCookie(cookie, isSecure))
  })
}

/** The engine takes the query of a page away where it is none of its own (code-door.ts). */
function keepSwitches(ctx: KoaContextWithOIDC): void {
  const { lang, theme } = ctx.query
  if (!pagePaths.includes(ctx.path)) return
  Object.assign(ctx.state, { switches: { lang: text(lang), theme: text(theme) } })
}
/** Pages of the engine that may be asked for again with a switch. */
const pagePaths: readonly string[] = [paths.userCode, paths.logout]
const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

export const switchesIn = (ctx: KoaContextWithOIDC): Asked['query'] =>
  (ctx.state as { readonly switches?: Asked['query'] }).switches

/** The cookies as if what is asked for just now were in them: the engine's own pages come before the browser has it. */
export function inLanguageOf(ctx: KoaContextWithOIDC, cookies: Asked['cookies']): Asked['cookies'] {
  const asked = askedIn(ctx)
  return asked === undefined ? cookies : { ...cookies, [applicationLanguage]: asked }
}

/** A device has asked before, in a request of its own; what was pushed or signed the engine has read by now. */
function askedIn({ oidc, query }: KoaContextWithOIDC) {
  const device = oidc?.entities.DeviceCode?.params
  return languageOf(oidc?.params?.['ui_locales'] ?? device?.['ui_locales'] ?? query['ui_locales'])
}

function keptBy(ctx: KoaContextWithOIDC): Cookie[] {
  const route = ctx.oidc?.route
  if (route === undefined || !questions.includes(route)) return []
  const asked = askedIn(ctx)
  const isOver = answers.includes(route) && isAnswered(ctx)
  const cookie = { name: applicationLanguage, maxAgeSeconds }
  if (asked !== undefined && !isOver) return [{ ...cookie, value: asked }]
  return String(ctx.headers.cookie).includes(applicationLanguage)
    ? [{ ...cookie, value: '', maxAgeSeconds: 0 }]
    : []
}

/** By a way back, or by a form that sends itself there (response_mode=form_post): that one is no question, as ours all have addresses of their own. */
const isAnswered = ({ status, response }: KoaContextWithOIDC): boolean =>
  status === 200 || (status === 303 && !isQuestion(response.get('location')))

const answers = ['authorization', 'resume']
const questions = [...answers, 'code_verification', 'device_resume', 'end_session']
const isQuestion = (location: string): boolean => location.startsWith('/sign-in')
