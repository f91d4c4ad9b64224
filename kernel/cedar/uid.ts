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
  /** Another held name with the same id and of another type. */
  next: EntityUid | undefined = undefined
  /** What the store that was told of it last keeps of it: found without a look-up. */
  home: { readonly known: object } | undefined = undefined
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

/** By id alone, which hardly ever belongs to two types: one look-up and a glance. */
const held = new Map<string, EntityUid>()

/** The one object of a held name, or a loose one. */
export function uidOf(type: string, id: string): EntityUid {
  return heldUid(type, id) ?? new EntityUid(type, id)
}

function heldUid(type: string, id: string): EntityUid | undefined {
  let one = held.get(id)
  while (one !== undefined && one.type !== type) one = one.next
  return one
}

/** The held object of the same name, if there is one. */
export function settled(uid: EntityUid): EntityUid {
  return uid.holders > 0 ? uid : (heldUid(uid.type, uid.id) ?? uid)
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
  one.next = held.get(one.id)
  held.set(one.id, one)
  return one
}

export function letGo(uid: EntityUid): void {
  uid.holders -= 1
  if (uid.holders > 0) return
  const first = held.get(uid.id)
  if (first !== uid) {
    let before = first
    while (before !== undefined && before.next !== uid) before = before.next
    if (before !== undefined) before.next = uid.next
  } else if (uid.next === undefined) held.delete(uid.id)
  else held.set(uid.id, uid.next)
  uid.next = undefined
}

/** Names that are held by something that is never told its end: they are let go when it has been collected. */
const forgotten = new FinalizationRegistry<readonly EntityUid[]>((names) => names.forEach(letGo))

export function letGoWith(holder: object, names: readonly EntityUid[]): void {
  forgotten.register(holder, names)
}
