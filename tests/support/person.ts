/** A person without a browser's pictures: follows redirects, keeps cookies per origin, fills in forms, and votes like the pages do. */
import { randomBytes } from 'node:crypto'
import { fromBase64url, sha256, toBase64url } from '@althing/kernel/crypto'
import { collectTicket, pendingTicket, requestTicket, type HeldTicket } from '@althing/kernel/tickets'
import { Manifest, manifestInput, Receipt, type Cast } from '@althing/elections/contract'
import { Entitlements, ManifestCopy, TicketAnswer } from '@althing/events/contract'
import { Me } from '@althing/portal/contract'
import { until } from '@althing/kernel/testing'
import type { z } from 'zod'
import type { Althing } from './althing.ts'
import { ballot } from './elections-voter.ts'

type Where = Pick<Althing, 'url' | 'ballotUrl' | 'eidUrl'>

export interface Page {
  readonly url: string
  readonly status: number
  readonly text: string
}

export function createPerson(where: Where) {
  const jars = new Map<string, Map<string, string>>()

  function cookiesOf(origin: string): Map<string, string> {
    const jar = jars.get(origin) ?? new Map<string, string>()
    jars.set(origin, jar)
    return jar
  }

  /** One request; cookies are kept as a browser keeps them (path and age left aside, but for deletion). */
  async function once(url: string, init: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(url)
    const jar = cookiesOf(origin)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = new Headers(init.headers)
    if (cookie !== '') headers.set('cookie', cookie)
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/Max-Age=0|01 Jan 1970/i.test(line) || value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }

  /** As a browser goes: follows redirects until there is a page. */
  async function go(url: string, init: RequestInit = {}): Promise<Page> {
    let [target, sent] = [url, init]
    for (let hops = 0; hops < 15; hops += 1) {
      const response = await once(target, sent)
      const location = response.headers.get('location')
      if (response.status < 300 || response.status > 399 || location === null)
        return { url: target, status: response.status, text: await response.text() }
      await response.body?.cancel()
      target = new URL(location, target).href
      sent = {}
    }
    throw new Error(`Redirects without end at ${target}`)
  }

  /** Sends the form with this id, its hidden fields and what is filled in. */
  async function submit(
    page: Page,
    id: string,
    fields: Readonly<Record<string, string>> = {},
  ): Promise<Page> {
    const form = new RegExp(`<form[^>]*\\bid="${id}"[^]*?</form>`).exec(page.text)?.[0]
    if (form === undefined) throw new Error(`There is no form "${id}" on ${page.url} (${page.status}).`)
    const action = unescape(/\baction="([^"]*)"/.exec(form)?.[1] ?? page.url)
    const hidden = [...form.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
      unescape(/name="([^"]*)"/.exec(input)?.[1] ?? ''),
      unescape(/value="([^"]*)"/.exec(input)?.[1] ?? ''),
    ])
    const body = new URLSearchParams({ ...Object.fromEntries(hidden as [string, string][]), ...fields })
    const target = new URL(action, page.url).href
    return go(target, { method: 'POST', body, headers: { origin: new URL(page.url).origin } })
  }

  async function signIn(email: string, password: string): Promise<Page> {
    const page = await go(`${where.url}/session/login?return=/`)
    const done = await submit(page, 'sign-in', { identifier: email, password })
    if (done.status !== 200 || !(await me()).signedIn)
      throw new Error(
        `${email} is not signed in: ${done.status} ${done.url} ${done.text
          .replaceAll(/<[^>]+>/g, ' ')
          .replaceAll(/\s+/g, ' ')
          .slice(0, 500)}`,
      )
    return done
  }

  async function signInByEid(kennitala: string): Promise<Page> {
    const page = await go(`${where.url}/session/login?return=/`)
    const choose = await submit(page, 'eid')
    const asked = new URL(choose.url).searchParams
    const next = new URL('/oidc/continue', where.eidUrl)
    for (const name of ['redirect_uri', 'state', 'nonce', 'code_challenge'])
      next.searchParams.set(name, asked.get(name) ?? '')
    next.searchParams.set('national_id', kennitala)
    return go(next.href)
  }

  async function me(): Promise<z.output<typeof Me>> {
    return Me.parse(await (await once(`${where.url}/session/me`)).json())
  }

  /** A call of one of our pages: cookie, and the token that proves it. */
  async function api(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown }> {
    const { csrf } = method === 'GET' ? { csrf: '' } : await me()
    const response = await once(`${where.url}${path}`, {
      method,
      headers: {
        ...(csrf === '' ? {} : { 'x-csrf-token': csrf, origin: where.url }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) }
  }

  async function entitlements(): Promise<z.output<typeof Entitlements>['entitlements']> {
    return Entitlements.parse((await api('GET', '/api/events/me/entitlements')).body).entitlements
  }

  /** An election just opened is known here a moment later. */
  async function manifestOf(election: string): Promise<z.output<typeof ManifestCopy>> {
    const { body } = await until(async () => {
      const asked = await api('GET', `/api/events/elections/${election}/manifest`)
      return asked.status === 200 && asked
    }, `the manifest of ${election}`)
    return ManifestCopy.parse(body)
  }

  /** What the page "my votes" does: make a ticket request, have it signed blindly, unblind. */
  async function collect(
    election: string,
    seed: Uint8Array = new Uint8Array(randomBytes(32)),
  ): Promise<HeldTicket> {
    const copy = await manifestOf(election)
    const hash = sha256(manifestInput(copy.manifest))
    const manifest = Manifest.parse(JSON.parse(copy.manifest))
    const [slot] = manifest.slots
    const [group] = slot?.classes ?? []
    if (slot === undefined || group === undefined) throw new Error('The manifest has no place to vote in.')
    const pending = pendingTicket(
      new Uint8Array(seed),
      { manifestHash: hash, slot: slot.id, class: group.id },
      group.issuing_key,
    )
    const { blinded } = await requestTicket(pending)
    const answer = await api('POST', '/api/events/tickets', {
      election,
      manifestHash: toBase64url(hash),
      items: [{ slot: slot.id, class: group.id, blinded: toBase64url(blinded) }],
    })
    if (answer.status !== 200) throw new Error(`No ticket: ${answer.status} ${JSON.stringify(answer.body)}`)
    const [ticket] = TicketAnswer.parse(answer.body).tickets
    return collectTicket(pending, fromBase64url(ticket?.blindSignature ?? ''))
  }

  /** What this person's browser would send to an origin. */
  const cookieHeader = (url: string) =>
    [...cookiesOf(new URL(url).origin)].map(([name, value]) => `${name}=${value}`).join('; ')

  return { go, submit, signIn, signInByEid, me, api, entitlements, manifestOf, collect, once, cookieHeader }
}
export type Person = ReturnType<typeof createPerson>

function unescape(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

/** What the booth does: no cookie, no name, another origin. */
export async function fillIn(
  where: Pick<Where, 'ballotUrl'>,
  election: string,
  ticket: HeldTicket,
  answers: Record<string, string[]>,
  seq = 1,
): Promise<Cast> {
  const signed = (await (
    await fetch(`${where.ballotUrl}/api/elections/${election}/manifest`)
  ).json()) as Parameters<typeof ballot>[0]['signed']
  return ballot({ signed, ticket, answers, seq })
}

export async function cast(
  where: Pick<Where, 'ballotUrl'>,
  election: string,
  paper: Cast,
): Promise<z.output<typeof Receipt>> {
  const response = await fetch(`${where.ballotUrl}/api/elections/${election}/ballots`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(paper),
  })
  if (!response.ok) throw new Error(`Not cast: ${response.status} ${await response.text()}`)
  return Receipt.parse(await response.json())
}
