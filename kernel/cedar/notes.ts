/** What is noted while policies are compiled: which attributes they can read, and which names they hold. */
import { hold, letGo, uidOf, type EntityUid } from './uid.ts'

export type Variable = 'principal' | 'action' | 'resource' | 'context'
type Subject = Variable | 'others'

/** What policies can read of an entity: a name that is not here cannot change a decision. */
export interface Reads {
  readonly attributes: readonly string[]
  readonly tags: readonly string[] | 'all'
  /** Whether it matters what it is in. */
  readonly ancestors: boolean
}

export interface AttributesRead {
  readonly principal: Reads
  readonly action: Reads
  readonly resource: Reads
  /** Any other entity. Principal, action and resource may be reached that way too, so theirs hold these already. */
  readonly others: Reads
  readonly context: readonly string[] | 'all'
}

export class Notes {
  readonly names: EntityUid[] = []
  private readonly attributes = new Map<Subject, Set<string>>()
  private readonly tags = new Map<Subject, Set<string>>()
  private readonly allTags = new Set<Subject>()
  private readonly ancestors = new Set<Subject>()
  private wholeContext = false

  holding(type: string, id: string): EntityUid {
    const uid = hold(uidOf(type, id))
    this.names.push(uid)
    return uid
  }

  letGo(): void {
    for (const uid of this.names.splice(0)) letGo(uid)
  }

  /** `of` is nothing for an expression that is no variable: it may have any entity as its value. */
  attribute(of: Variable | undefined, name: string): void {
    addTo(this.attributes, of ?? 'others', name)
  }

  tag(of: Variable | undefined, name: string | undefined): void {
    if (name === undefined) this.allTags.add(of ?? 'others')
    else addTo(this.tags, of ?? 'others', name)
  }

  hierarchy(of: Variable | undefined): void {
    this.ancestors.add(of ?? 'others')
  }

  /** The variable stands for itself: for the context that is everything in it, for an entity no more than its name. */
  bare(of: Variable): void {
    if (of === 'context') this.wholeContext = true
  }

  /** What policies ask for by its name, also where one of them reads all. */
  namesInContext(): ReadonlySet<string> {
    return new Set(this.attributes.get('context'))
  }

  read(): AttributesRead {
    return {
      principal: this.readsOf('principal'),
      action: this.readsOf('action'),
      resource: this.readsOf('resource'),
      others: this.readsOf('others'),
      context: this.wholeContext ? 'all' : [...(this.attributes.get('context') ?? [])].sort(),
    }
  }

  private readsOf(subject: Subject): Reads {
    const both = (map: Map<Subject, Set<string>>) =>
      [...new Set([...(map.get(subject) ?? []), ...(map.get('others') ?? [])])].sort()
    return {
      attributes: both(this.attributes),
      tags: this.allTags.has(subject) || this.allTags.has('others') ? 'all' : both(this.tags),
      ancestors: this.ancestors.has(subject) || this.ancestors.has('others'),
    }
  }
}

function addTo(map: Map<Subject, Set<string>>, subject: Subject, name: string): void {
  const names = map.get(subject)
  if (names === undefined) map.set(subject, new Set([name]))
  else names.add(name)
}
