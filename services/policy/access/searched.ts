/** A list of people or things is told to nobody in silence: each page leaves a line in the audit log before it is answered. */
import type { AuditEntry } from '@althing/kernel/audit'
import { whoIs } from '../caller.ts'
import type { Ref } from '../known.ts'
import type { Asking } from './rules.ts'
import type { Search } from './search.ts'

type Recording = (entry: AuditEntry) => Promise<void>

export function recorded(search: Search, record: Recording): Search {
  /** Of whom or what it was asked, and how many were found; which ones can be found out again. */
  const note = ({ caller }: Asking, { type, id }: Ref, what: string, { page }: Found) =>
    record({
      action: 'access.searched',
      actor: whoIs(caller),
      target: { type, id },
      outcome: 'done',
      fields: [what, `found ${page.count}`],
    })

  return {
    async subjects(asked, asking) {
      const found = await search.subjects(asked, asking)
      await note(asking, asked.resource, `${asked.subject.type} may ${asked.action.name}`, found)
      return found
    },
    async resources(asked, asking) {
      const found = await search.resources(asked, asking)
      await note(asking, asked.subject, `may ${asked.action.name} ${asked.resource.type}`, found)
      return found
    },
    async actions(asked, asking) {
      const found = await search.actions(asked, asking)
      await note(asking, asked.subject, `may what to ${asked.resource.type}`, found)
      return found
    },
  }
}

interface Found {
  readonly page: { readonly count: number }
}
