/** A page of ours as the engine's answer. */
import type { KoaContextWithOIDC } from 'oidc-provider'
import { contentPolicy, parseCookies, serializeCookie } from '@althing/kernel/http'
import { choicesIn, type Asked } from '../pages.ts'

type Policy = NonNullable<Parameters<typeof contentPolicy>[0]>

export function askedOf(ctx: KoaContextWithOIDC, isSecure: boolean): Asked {
  const headers = ctx.headers as Asked['headers']
  const { searchParams } = new URL(ctx.originalUrl, 'http://page')
  const [lang, theme] = [searchParams.get('lang') ?? undefined, searchParams.get('theme') ?? undefined]
  return { headers, cookies: parseCookies(headers['cookie'], isSecure), query: { lang, theme } }
}

/** The switches below a page of the engine are remembered as those below ours. */
export function keepChoices(ctx: KoaContextWithOIDC, isSecure: boolean): void {
  for (const cookie of choicesIn(askedOf(ctx, isSecure).query))
    ctx.append('set-cookie', serializeCookie(cookie, isSecure))
}

export function show(ctx: KoaContextWithOIDC, page: string, policy: Policy = {}): void {
  ctx.type = 'text/html; charset=utf-8'
  ctx.set({ 'content-security-policy': contentPolicy(policy), 'cache-control': 'no-store' })
  ctx.body = page
}

export function redirectOrigin(target: unknown): string[] {
  return typeof target === 'string' && URL.canParse(target) ? [new URL(target).origin] : []
}
