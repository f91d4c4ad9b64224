/** A decision made again from what it was made of: with the policies of then it must be what it was, with others it shows what they would change. */
import { authorize, overlay, readEntity, readRecord, uidOf, type Entities } from '@althing/kernel/cedar'
import type { Ruling } from '../deciding.ts'
import type { Ref, Seen } from '../known.ts'
import type { Policies } from './policies.ts'

export interface Replayed {
  readonly subject: Ref
  readonly action: string
  readonly resource: Ref
  readonly seen: Seen
}

const nothing: Entities = { find: () => undefined }

export function replay(
  { subject, action, resource, seen }: Replayed,
  { set }: Pick<Policies, 'set'>,
): Omit<Ruling, 'seen'> {
  const entities = seen.entities.map(({ type, id, attributes, ancestors }) =>
    readEntity({ uid: { type, id }, parents: ancestors, attrs: attributes }),
  )
  const { decision, reasons, errors } = authorize(
    set,
    {
      principal: uidOf(subject.type, subject.id),
      action: uidOf('Action', action),
      resource: uidOf(resource.type, resource.id),
      context: readRecord(seen.context),
    },
    overlay(entities, nothing),
  )
  return { decision: decision === 'allow' && errors.length === 0, determining: reasons, errors }
}
