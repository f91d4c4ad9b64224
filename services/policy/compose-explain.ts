/** Why, why not and what if: of the same engine as every decision, and with the drafts of those who write policies. */
import type { AuditEntry } from '@althing/kernel/audit'
import type { PolicySet } from '@althing/kernel/cedar'
import type { Access, Asking } from './access/rules.ts'
import { createPages } from './access/pages.ts'
import { whoIs } from './caller.ts'
import type { PolicyKit } from './compose-access.ts'
import { overridesNamed } from './compose-overrides.ts'
import type { Engine, Others } from './deciding.ts'
import { createExplaining } from './explain/rules.ts'
import { createFinding } from './explain/finding.ts'

interface Parts {
  readonly engine: Engine
  readonly enginesFor: Others['named']
  readonly questionOf: Access['questionOf']
  readonly withDraft: (id: string) => Promise<PolicySet | null>
  /** As the audit log names whoever asks. */
  readonly actor?: (asking: Asking) => string
}

export function composeExplain(
  kit: PolicyKit,
  { engine, enginesFor, questionOf, withDraft, actor = ({ caller }) => whoIs(caller) }: Parts,
) {
  const record = (entry: AuditEntry) => kit.audit.record(kit.database, entry)
  return {
    explaining: createExplaining({
      engine,
      enginesFor,
      questionOf,
      withDraft,
      whoIs: actor,
      record,
      overrides: overridesNamed(kit),
    }),
    finding: createFinding({
      engine,
      enginesFor,
      pages: createPages(kit.derivedKey('explain-pages')),
      questionOf,
      whoIs: actor,
      record,
    }),
  }
}
