/** The base policies as a signed bundle, for tests of services that decide with it. */
import { readFileSync } from 'node:fs'
import { sign, type KeyObject } from 'node:crypto'
import type { SignedBundle } from '@althing/kernel/authz'
import { parsePolicies } from '../../services/policy/language/cedar.ts'
import { roleHierarchy } from '../../services/policy/publish/world.ts'

export async function baseBundle(key: KeyObject, revision = 1): Promise<SignedBundle> {
  const source = readFileSync(new URL('../../services/policy/language/base.cedar', import.meta.url), 'utf8')
  const bundle = JSON.stringify({ revision, policies: await parsePolicies(source), entities: roleHierarchy })
  return {
    bundle,
    signature: sign(null, Buffer.from(`althing/bundle/v1\n${bundle}`), key).toString('base64url'),
  }
}
