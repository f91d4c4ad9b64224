/** A decision made again from what it was made of: with the policies of then it must be what it was, with others it shows what they would change. */
import { authorize, overlay, readEntity, readRecord, uidOf, type PolicySet } from '@althing/kernel/cedar'
import type { Replayed, ReplayedRuling } from '../deciding.ts'
import { asTimed } from '../moment.ts'

export function replay(
  { subject, action, resource, seen }: Replayed,
  { set }: { readonly set: PolicySet },
): ReplayedRuling {
  const entities = seen.entities.map(({ type, id, attributes, ancestors }) =>
    readEntity({ uid: { type, id }, parents: ancestors, attrs: attributes }),
  )
  const missed = new Set<string>()
  const nothing = { find: (uid: { readonly key: string }) => void missed.add(uid.key) }
  const { decision, reasons, errors } = authorize(
    set,
    {
      principal: uidOf(subject.type, subject.id),
      action: uidOf('Action', action),
      resource: uidOf(resource.type, resource.id),
      context: asTimed(readRecord(seen.context)),
    },
    overlay(entities, nothing),
  )
  return { decision: decision === 'allow' && errors.length === 0, determining: reasons, errors, missed }
}
