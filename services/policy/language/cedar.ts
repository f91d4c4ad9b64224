/**
 * Cedar text → the JSON that services evaluate; and what its authors want to know: whether it obeys a schema, how it looks when
 * it is well set. The parser is Cedar's own, in a thread (threads.ts); what would overrun it is refused before it sees it.
 */
import { Policy } from '@althing/kernel/authz'
import { createPolicySet, JsonError, parseJson, Refused, type Json } from '@althing/kernel/cedar'
import { isFault } from '@althing/kernel/errors'
import type { Checked, Source } from '../authored.ts'
import type { Asked, Formatted } from './asked.ts'
import { combinations, mostCombinations } from './combinations.ts'
import { expansion, mostExpanded } from './expansion.ts'
import { fault } from './faults.ts'
import { deepest, scan } from './scan.ts'
import type { ParserThreads } from './threads.ts'

const longest = 200_000
/** The formatter takes six seconds of a core for as much. */
const longestFormatted = 500_000
/** Each level of an expression is up to three of JSON, and a chain of `&&` is a level for each link. */
const jsonDepth = 100_000

/** Four thousand policies take some ten seconds of a core. */
const longInspectionMs = 60_000

interface Validation {
  readonly errors: readonly Finding[]
  readonly warnings: readonly Finding[]
}

interface Finding {
  readonly policy: string
  readonly message: string
}

export function createLanguage(threads: ParserThreads, inspectionMs = longInspectionMs) {
  /** Cedar's answers, with every number as it was written. @throws Fault policy.language.* */
  async function ask(asked: Exclude<Asked, { kind: 'source' | 'format' }>): Promise<readonly Json[]> {
    for (const text of asked.kind === 'validate' ? [asked.text, asked.schema] : [asked.text]) check(text)
    if (asked.kind === 'schema' && expansion(asked.text) > mostExpanded) throw fault.too_complex()
    const done = await threads.ask(asked).catch(tooSlow)
    if (done.kind === 'broken') throw fault.too_complex(new Error(done.problem))
    if (done.kind === 'checked' || done.kind === 'formatted') throw fault.not_cedar()
    if (done.kind === 'not cedar') throw fault.not_cedar(new Error(done.problems.join('; ')))
    return done.texts.map((text) => parseJson(text, { maxDepth: jsonDepth, maxLength: 100 * longest }))
  }

  /**
   * @returns policies by the name in their `@id`.
   * @throws Fault policy.language.too_long, too_deep, too_slow, too_complex, not_cedar, unnamed, not_evaluated
   */
  async function parse(text: string): Promise<Record<string, Policy>> {
    check(text)
    const answers = await ask({ kind: 'policies', text, statements: scan(text).statements })
    const named = answers.map((answer) => {
      const policy = Policy.parse((answer as { json: Json }).json)
      const name = policy.annotations?.['id']
      if (typeof name !== 'string') throw fault.unnamed()
      return [name, policy] as const
    })
    if (new Set(named.map(([name]) => name)).size !== named.length) throw fault.unnamed()
    return evaluated(Object.fromEntries(named))
  }

  /** What Cedar's validator says of the policies; `policy0` is the first of the text. @throws Fault policy.language.* */
  async function validate(text: string, schema: string): Promise<Validation> {
    check(text)
    if (combinations((await read(schema)) as object) > mostCombinations) throw fault.too_complex()
    const [answer] = await ask({ kind: 'validate', text, schema })
    const { validationErrors, validationWarnings } = answer as unknown as Record<string, readonly Told[]>
    return {
      errors: (validationErrors ?? []).map(finding),
      warnings: (validationWarnings ?? []).map(finding),
    }
  }

  /**
   * @param whose whoever asks: one thing of theirs at a time
   * @throws Fault policy.language.too_long, too_deep, too_slow, too_complex, busy
   */
  async function format(text: string, whose?: string): Promise<Formatted> {
    check(text, longestFormatted)
    const done = await threads.ask({ kind: 'format', text }, { whose }).catch(tooSlow)
    if (done.kind === 'formatted') return done.formatted
    throw fault.too_complex(new Error(done.kind === 'broken' ? done.problem : done.kind))
  }

  /** A schema as the JSON that data is read by. @throws Fault policy.language.* */
  async function read(text: string): Promise<Json> {
    const [answer] = await ask({ kind: 'schema', text })
    return (answer as { json: Json }).json
  }

  /**
   * All that is to be said of what an organisation says, with the places where it stands.
   * @param whose whoever asks: one thing of theirs at a time
   * @throws Fault policy.language.too_slow, too_complex, busy
   */
  async function inspect({ policies, schema, links }: Source, whose?: string): Promise<Checked> {
    const asked = { kind: 'source', source: { policies, schema, links } } as const
    const done = await threads.ask(asked, { deadlineMs: inspectionMs, whose }).catch(tooSlow)
    if (done.kind === 'checked') return done.checked
    throw fault.too_complex(new Error(done.kind === 'broken' ? done.problem : done.kind))
  }

  return { parse, validate, format, schema: read, check: inspect }
}

interface Told {
  readonly policyId: string
  readonly error: { readonly message: string }
}

/** Whoever had to wait for too long is not told that it is the fault of the policies. */
function tooSlow(error: unknown): never {
  throw isFault(error, 'kernel.resilience.too_late') ? fault.too_slow(error) : error
}

const finding = ({ policyId, error }: Told): Finding => ({ policy: policyId, message: error.message })

/** @throws Fault policy.language.too_long, too_deep */
function check(text: string, most = longest): void {
  if (text.length > most) throw fault.too_long()
  if (scan(text).depth > deepest) throw fault.too_deep()
}

/** What every service will have to evaluate is tried here, before anybody depends on it. */
function evaluated(policies: Record<string, Policy>): Record<string, Policy> {
  try {
    createPolicySet({ staticPolicies: policies })
    return policies
  } catch (error) {
    if (error instanceof Refused || error instanceof JsonError) throw fault.not_evaluated(error)
    throw error
  }
}
