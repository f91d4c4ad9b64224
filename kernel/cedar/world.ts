/** What one question is asked in: who, what, on what, with what around it, and the entities. */
import type { Entities, Entity } from './entities.ts'
import { sameUid, settled, type EntityUid } from './uid.ts'
import type { Attributes, CedarRecord, Result } from './value.ts'

export interface Request {
  readonly principal: EntityUid
  readonly action: EntityUid
  readonly resource: EntityUid
  readonly context: Attributes
}

const nobody: ReadonlySet<EntityUid> = new Set()

export class World {
  readonly principal: EntityUid
  readonly action: EntityUid
  readonly resource: EntityUid
  readonly context: Attributes
  // Looked up once: nearly every policy asks for them.
  readonly principalEntity: Entity | undefined
  readonly resourceEntity: Entity | undefined
  readonly abovePrincipal: ReadonlySet<EntityUid>
  readonly aboveResource: ReadonlySet<EntityUid>
  private readonly entities: Entities

  constructor({ principal, action, resource, context }: Request, entities: Entities) {
    this.principal = settled(principal)
    this.action = settled(action)
    this.resource = settled(resource)
    this.context = context
    this.entities = entities
    this.principalEntity = entities.find(this.principal)
    this.resourceEntity = entities.find(this.resource)
    this.abovePrincipal = this.principalEntity?.ancestors ?? nobody
    this.aboveResource = this.resourceEntity?.ancestors ?? nobody
  }

  entity(uid: EntityUid): Entity | undefined {
    if (uid === this.principal) return this.principalEntity
    if (uid === this.resource) return this.resourceEntity
    return this.entities.find(uid)
  }

  /** The context as one value, which it is only when all of it could be read. */
  get wholeContext(): Result {
    return this.context.whole?.() ?? (this.context as CedarRecord)
  }

  above(uid: EntityUid): ReadonlySet<EntityUid> {
    return this.entity(uid)?.ancestors ?? nobody
  }

  isIn(child: EntityUid, parent: EntityUid): boolean {
    return sameUid(child, parent) || isAmong(this.above(child), settled(parent))
  }
}

/** A loose name is not the object that stands in the set, even if it says the same. */
export function isAmong(names: ReadonlySet<EntityUid>, name: EntityUid): boolean {
  if (names.has(name)) return true
  if (name.holders > 0) return false
  for (const one of names) if (sameUid(one, name)) return true
  return false
}
