/** The form of an application: each kind is asked for what it needs. Its fields are called as RFC 7591 calls them, and so are refusals. */
import { spokenScopes } from '@althing/web-ui/scopes.ts'
import type { Client, Kind } from './clients-api.ts'
import { linesOf, serversIn, writtenServers } from './servers-form.ts'

const words = [
  'name',
  'id',
  'redirect_uris',
  'post_logout_redirect_uris',
  'backchannel_logout_uri',
  'scope',
  'national_id_purpose_is',
  'national_id_purpose_en',
  'resources',
  'consent',
  'policy',
  'token_endpoint_auth_method',
  'jwks_uri',
  'jwks',
  'access_token_seconds',
  'refresh_token_seconds',
] as const
export type Word = (typeof words)[number]
export type ClientForm = Readonly<Record<Word, string>>

export const emptyClient: ClientForm = {
  ...(Object.fromEntries(words.map((word) => [word, ''])) as ClientForm),
  scope: 'openid profile email',
}

const purposes: readonly Word[] = ['national_id_purpose_is', 'national_id_purpose_en']
const redirecting: readonly Kind[] = ['web', 'native', 'spa']
/** What says something only where people sign in. */
const ofPeople: readonly Word[] = [
  'scope',
  'consent',
  'refresh_token_seconds',
  'backchannel_logout_uri',
  ...purposes,
]

/** What is asked at first, and nothing that has a good beginning of its own. */
export const askedFor = (kind: Kind): readonly Word[] =>
  kind === 'machine'
    ? ['name', 'resources', 'id']
    : [
        'name',
        ...(redirecting.includes(kind) ? (['redirect_uris'] as const) : []),
        'scope',
        ...purposes,
        'resources',
        'id',
      ]

/** All that can be another way later. */
export function changeable(kind: Kind): readonly Word[] {
  const hasPeople = kind !== 'machine'
  const provesItself = kind === 'web' || kind === 'machine'
  return words.filter((word) => {
    if (word === 'id') return false
    if (word === 'redirect_uris' || word === 'post_logout_redirect_uris') return redirecting.includes(kind)
    if (ofPeople.includes(word)) return hasPeople
    if (word === 'token_endpoint_auth_method') return provesItself
    return true
  })
}

export function formOf({ name, id, policy, metadata }: Client): ClientForm {
  const said: Readonly<Record<string, unknown>> = metadata
  const text = (word: Word) => (said[word] === undefined ? '' : String(said[word]))
  return {
    name,
    id,
    policy,
    redirect_uris: metadata.redirect_uris.join('\n'),
    post_logout_redirect_uris: metadata.post_logout_redirect_uris.join('\n'),
    scope: metadata.scope,
    national_id_purpose_is: metadata.national_id_purpose?.is ?? '',
    national_id_purpose_en: metadata.national_id_purpose?.en ?? '',
    backchannel_logout_uri: text('backchannel_logout_uri'),
    resources: writtenServers(metadata.resources ?? {}),
    consent: metadata.consent ?? 'session',
    token_endpoint_auth_method: metadata.token_endpoint_auth_method,
    jwks_uri: text('jwks_uri'),
    jwks: said['jwks'] === undefined ? '' : JSON.stringify(said['jwks'], null, 2),
    access_token_seconds: text('access_token_seconds'),
    refresh_token_seconds: text('refresh_token_seconds'),
  }
}

/**
 * Somebody else was faster: what they changed and we did not is theirs, what we wrote stays ours, and which words are different by now is said.
 */
export function broughtUpToDate(before: Client, written: ClientForm, now: Client, asked: readonly Word[]) {
  const [old, theirs] = [formOf(before), formOf(now)]
  const changed = asked.filter((word) => old[word] !== theirs[word])
  const form = Object.fromEntries(
    words.map((word) => [word, written[word] === old[word] ? theirs[word] : written[word]]),
  ) as ClientForm
  return {
    form,
    changed: changed.map((word) => ({ word, now: theirs[word], isOurs: form[word] !== theirs[word] })),
  }
}

/** What is empty is taken away, or not said; whether the rest is right is said by who keeps it. */
export function metadataOf(form: ClientForm, asked: readonly Word[], empty: null | undefined) {
  const entries = asked
    .filter((word) => word !== 'name' && word !== 'id' && !purposes.includes(word))
    .map((word): readonly [string, unknown] => [word, valueOf(word, form[word].trim()) ?? empty])
  const [is, en] = [form.national_id_purpose_is.trim(), form.national_id_purpose_en.trim()]
  if (asked.includes('national_id_purpose_is'))
    entries.push(['national_id_purpose', isNeeded('national_id_purpose_is', form) ? { is, en } : empty])
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

function valueOf(word: Word, text: string): unknown {
  if (word === 'redirect_uris' || word === 'post_logout_redirect_uris') return linesOf(text)
  if (word === 'scope') return text
  // As usual is said by saying nothing.
  if (text === '' || (word === 'consent' && text === 'session')) return undefined
  if (word === 'resources') return serversIn(text)
  if (word === 'access_token_seconds' || word === 'refresh_token_seconds') return Number(text)
  return word === 'jwks' ? parsed(text) : text
}

/** What is no JSON is sent as it is, and refused by its field. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Of a JSON Pointer the word that it is about. */
export function wordIn(pointer: string): string {
  const [word = '', part] = pointer.split('/').filter((one) => !['', 'body', 'metadata'].includes(one))
  // Of what is wrong in one language alone the field of that language.
  return word === 'national_id_purpose' ? `${word}_${part === 'en' ? 'en' : 'is'}` : word
}

export const isAsked = (asked: readonly Word[], word: string): boolean => asked.some((one) => one === word)

/** What a person lets an application know, beside that they are themselves. */
export const scopesToTell = spokenScopes.filter((one) => one !== 'openid')

/** What for is asked of whoever asks for a kennitala, and of nobody else. */
export const isNeeded = (word: Word, { scope }: ClientForm): boolean =>
  !purposes.includes(word) || scope.split(' ').includes('national_id')
