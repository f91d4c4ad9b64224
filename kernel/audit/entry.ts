/** An entry of the audit log, and its one spelling as bytes: what is hashed into the tree. Browser-safe. */
import { type Bytes, fromUtf8, toBase64url, utf8 } from '../crypto/bytes.ts'
import { canonicalJson } from '../crypto/canonical.ts'

export type Outcome = 'done' | 'denied' | 'failed'

/** What a caller says; time, id and correlation are added. */
export interface AuditEntry {
  /** A dotted verb of the service's own language: 'elections.open'. */
  readonly action: string
  /** 'person:acc_…', 'service:events', 'operator:…', 'clock'. Ids only: names and addresses belong into `personal`. */
  readonly actor: string
  /** Whose authority was used, when it was another's. */
  readonly onBehalfOf?: string | undefined
  readonly target?: { readonly type: string; readonly id: string } | undefined
  /** In the words of whoever gave it; asked for where the law asks for it. */
  readonly reason?: string | undefined
  readonly outcome: Outcome
  /** Names of what was changed. */
  readonly fields?: readonly string[] | undefined
  /** Values about one person; sealed under that person's key. */
  readonly personal?:
    | { readonly subject: string; readonly values: Readonly<Record<string, unknown>> }
    | undefined
}

/** As it lies in the table: every column is here, so every column is under the hash. */
export interface StoredEntry {
  readonly id: string
  readonly at: Date
  readonly action: string
  readonly actor: string
  readonly onBehalfOf: string | null
  readonly targetType: string | null
  readonly targetId: string | null
  readonly reason: string | null
  readonly outcome: string
  readonly fields: readonly string[]
  readonly correlation: string | null
  readonly personalSubject: string | null
  readonly personal: Uint8Array | null
}

/** Canonical JSON of all of it; the version comes first in mind, should a column ever be added. */
export function entryBytes(entry: StoredEntry): Bytes {
  const { at, personal, ...rest } = entry
  const sealed = personal === null ? null : toBase64url(personal)
  return utf8(canonicalJson({ ...rest, at: at.toISOString(), personal: sealed, version: 1 }))
}

/** For a reader of a proof: the entry as plain JSON, or null when these are not its bytes. */
export function readEntryBytes(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const text = fromUtf8(bytes)
    const value: unknown = JSON.parse(text)
    const isEntry = typeof value === 'object' && value !== null && 'version' in value && value.version === 1
    return isEntry && canonicalJson(value) === text ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
