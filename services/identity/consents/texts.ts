/**
 * The texts that people agree to. They lie in a folder and are shown by ourselves, every version that was ever in force at an address of
 * its own; or elsewhere, at an address that names the version. What the organisation has not set is not asked for.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '@althing/kernel/config'
import type { AgreedKind } from './schema.ts'

export const textsFolderSetting = 'ALTHING_IDENTITY_TEXTS_FOLDER'
export const textPath = '/texts'

type Locale = 'is' | 'en'

export interface AgreedTexts {
  readonly version: string
  /** Those that are in force: nobody is asked about others. */
  readonly kinds: readonly AgreedKind[]
  /** Null where that version cannot be read any more. */
  hrefOf(kind: AgreedKind, version: string, locale: Locale): string | null
  find(kind: AgreedKind, version: string, locale: Locale): string | null
}

interface Settings {
  readonly consentVersion: string
  readonly textsFolder?: string | undefined
  readonly termsUrl?: string | undefined
  readonly privacyUrl?: string | undefined
}

const kinds = ['terms', 'privacy'] as const

/** Read once, at the start. @throws ConfigError for a folder that cannot be read, or a version in force that lacks one language */
export function openTexts({
  consentVersion: version,
  textsFolder,
  termsUrl,
  privacyUrl,
}: Settings): AgreedTexts {
  const files = textsFolder === undefined ? new Map<string, string>() : readTexts(textsFolder)
  const elsewhere = { terms: termsUrl, privacy: privacyUrl }
  const find = (kind: AgreedKind, wanted: string, locale: Locale) =>
    files.get(`${kind}-${wanted}.${locale}.txt`) ?? null
  const mistakes = kinds.flatMap((kind) => {
    const there = (['is', 'en'] as const).filter((locale) => find(kind, version, locale) !== null)
    return there.length === 1
      ? [`${textsFolderSetting}: ${kind}-${version} is there in one language only. Put the other beside it.`]
      : []
  })
  if (mistakes.length > 0) throw new ConfigError(mistakes)

  function hrefOf(kind: AgreedKind, wanted: string, locale: Locale): string | null {
    if (find(kind, wanted, locale) !== null) return `${textPath}/${kind}/${wanted}`
    const href = elsewhere[kind]
    if (href === undefined || (wanted !== version && !href.includes('{version}'))) return null
    return href.replaceAll('{version}', encodeURIComponent(wanted)).replaceAll('{lang}', locale)
  }
  return { version, kinds: kinds.filter((kind) => hrefOf(kind, version, 'is') !== null), hrefOf, find }
}

function readTexts(folder: string): Map<string, string> {
  try {
    const names = readdirSync(folder).filter((name) => /^(terms|privacy)-[\w.-]+\.(is|en)\.txt$/.test(name))
    return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
  } catch {
    throw new ConfigError([`${textsFolderSetting}: the folder cannot be read.`])
  }
}
