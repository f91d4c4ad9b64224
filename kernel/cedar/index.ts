/** Cedar (cedarpolicy.com) evaluated in TypeScript: exact, without dependencies, and fast. See README.md. */
export { evaluateExpression } from './ask.ts'
export { authorize, type Answer, type PolicyError } from './authorize.ts'
export {
  actionEntities,
  EntityStore,
  overlay,
  readEntity,
  type Entities,
  type Entity,
  type EntityData,
} from './entities.ts'
export { DateTime } from './extension-values.ts'
export { Failure, Refused } from './failure.ts'
export { JsonError, parseJson, writeJson, type Json, type JsonLimits, type JsonRecord } from './json.ts'
export type { AttributesRead, Reads } from './notes.ts'
export { attributesRead, createPolicySet, readsOfContext, type PolicySet } from './policy-set.ts'
export { readRecord, readUid, readValue, Unread } from './read-value.ts'
export { readSchema, type Schema } from './schema.ts'
export { EntityUid, sameUid, uidOf } from './uid.ts'
export { CedarSet, keyOf, type Attributes, type CedarRecord, type Result, type Value } from './value.ts'
export type { Request } from './world.ts'
export { writeRecord, writeValue, type ValueJson } from './write-value.ts'
