/** Whether what one set of policies reads was written down for another. */
import type { AttributesRead, Reads } from '@althing/kernel/cedar'

/** What `wanted` reads and `had` does not, in words like `principal.department`; nothing when it is all there. */
export function missingIn(wanted: AttributesRead, had: AttributesRead): string[] {
  const entities = (['principal', 'action', 'resource', 'others'] as const).flatMap((of) =>
    missingOf(of === 'others' ? 'an entity' : of, wanted[of], had[of]),
  )
  return [...entities, ...contextOf(wanted.context, had.context)]
}

function missingOf(of: string, wanted: Reads, had: Reads): string[] {
  return [
    ...wanted.attributes.filter((name) => !had.attributes.includes(name)).map((name) => `${of}.${name}`),
    ...(wanted.ancestors && !had.ancestors ? [`what ${of} is in`] : []),
    // Tags are kept by nobody yet.
    ...(wanted.tags === 'all' || wanted.tags.length > 0 ? [`the tags of ${of}`] : []),
  ]
}

function contextOf(wanted: AttributesRead['context'], had: AttributesRead['context']): string[] {
  if (had === 'all') return []
  if (wanted === 'all') return ['all of the context']
  return wanted.filter((name) => !had.includes(name)).map((name) => `context.${name}`)
}
