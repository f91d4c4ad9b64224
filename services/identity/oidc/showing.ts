/** A page of ours as the engine's answer. */
import type { KoaContextWithOIDC } from 'oidc-provider'
import { contentPolicy, parseCookies } from '@althing/kernel/http'
import type { Asked } from '../pages.ts'
import { inLanguageOf, switchesIn } from './languages.ts'

type Policy = NonNullable<Parameters<typeof contentPolicy>[0]>

export function askedOf(ctx: KoaContextWithOIDC, isSecure: boolean): Asked {
  const headers = ctx.headers as Asked['headers']
  const cookies = parseCookies(headers['cookie'], isSecure)
  return { headers, cookies: inLanguageOf(ctx, cookies), query: switchesIn(ctx) }
}

export function show(ctx: KoaContextWithOIDC, page: string, policy: Policy = {}): void {
  ctx.type = 'text/html; charset=utf-8'
  ctx.set({ 'content-security-policy': contentPolicy(policy), 'cache-control': 'no-store' })
  ctx.body = page
}

export function redirectOrigin(target: unknown): string[] {
  return typeof target === 'string' && URL.canParse(target) ? [new URL(target).origin] : []
}
