/**
 * Names of entities, compared by identity where it matters. Whoever keeps a name for long (an entity store, a policy set) holds
 * it: of a held name there is one object. Any other is loose, belongs to a request and goes with it; so a stranger who
 * asks about a million names leaves nothing behind.
 */
export class EntityUid {
  readonly type: string
  readonly id: string
  /** How many hold it; with none it is loose, and compared by what it says. */
  holders = 0
  private known: string | undefined

  constructor(type: string, id: string) {
    this.type = type
    this.id = id
  }

  /** For collections by content; no two names share one. */
  get key(): string {
    return (this.known ??= `e${this.type.length}:${this.type}:${this.id.length}:${this.id}`)
  }

  toString(): string {
    return `${this.type}::${JSON.stringify(this.id)}`
  }
}

const held = new Map<string, Map<string, EntityUid>>()

/** The one object of a held name, or a loose one. */
export function uidOf(type: string, id: string): EntityUid {
  return held.get(type)?.get(id) ?? new EntityUid(type, id)
}

/** The held object of the same name, if there is one. */
export function settled(uid: EntityUid): EntityUid {
  return uid.holders > 0 ? uid : (held.get(uid.type)?.get(uid.id) ?? uid)
}

export function sameUid(left: EntityUid, right: EntityUid): boolean {
  if (left === right) return true
  if (left.holders > 0 && right.holders > 0) return false
  return left.id === right.id && left.type === right.type
}

/** From here on this name is compared by identity, until it is let go as often as it was held. */
export function hold(uid: EntityUid): EntityUid {
  const one = settled(uid)
  one.holders += 1
  if (one.holders > 1) return one
  const ids = held.get(one.type)
  if (ids === undefined) held.set(one.type, new Map([[one.id, one]]))
  else ids.set(one.id, one)
  return one
}

export function letGo(uid: EntityUid): void {
  uid.holders -= 1
  if (uid.holders > 0) return
  const ids = held.get(uid.type)
  ids?.delete(uid.id)
  if (ids?.size === 0) held.delete(uid.type)
}

/** Names that are held by something that is never told its end: they are let go when it has been collected. */
const forgotten = new FinalizationRegistry<readonly EntityUid[]>((names) => names.forEach(letGo))

export function letGoWith(holder: object, names: readonly EntityUid[]): void {
  forgotten.register(holder, names)
}

/** How many names are held: what a test looks at to see that nothing stays behind. */
export function heldNames(): number {
  let count = 0
  for (const ids of held.values()) count += ids.size
  return count
}
