/** A bundle: Althing's policies and the organisation's beside each other, whole, compiled once to be sure that every service can, and signed. */
import { createHash, sign, verify, type KeyObject, createPublicKey } from 'node:crypto'
import {
  bundleLimits,
  createEvaluator,
  longestBundle,
  type Bundle,
  type Entity,
  type SignedBundle,
} from '@althing/kernel/authz'
import { parseJson, writeJson } from '@althing/kernel/cedar'
import { fault } from './faults.ts'
import { isOverride, type Compiled, type PoliciesJson } from '../authored.ts'

/** Of our own making: what is missing is empty. */
export function readCompiled(text: string): Compiled {
  const { policies = {}, entities = [] } = parseJson(text, bundleLimits) as unknown as Partial<Compiled>
  return { policies, entities }
}

/** Althing's own of a bundle: what is not the organisation's, and no override. */
export function ownOf(bundle: string, { policies: theirs }: Compiled): PoliciesJson {
  const { policies } = readCompiled(bundle)
  return Object.fromEntries(
    Object.entries(policies).filter(([id]) => !Object.hasOwn(theirs, id) && !isOverride(id)),
  )
}

/** Names that both would have, and those that are not theirs to give. */
export function clashes(own: PoliciesJson, { policies: theirs }: Compiled): readonly string[] {
  return Object.keys(theirs).filter((id) => isTaken(id, own))
}

const isTaken = (id: string, own: PoliciesJson): boolean => Object.hasOwn(own, id) || isOverride(id)

/** What is taken gets another name, so that not one of them is lost. */
export function renamed(own: PoliciesJson, { policies, entities }: Compiled): Compiled {
  const entries = Object.entries(policies).map(([id, policy]) => {
    let name = id
    while (isTaken(name, own) || (name !== id && Object.hasOwn(policies, name))) name = `organisation/${name}`
    return [name, policy] as const
  })
  return { policies: Object.fromEntries(entries), entities }
}

export function together(
  own: PoliciesJson,
  { policies, entities }: Compiled,
  roles: readonly Entity[],
): Compiled {
  return { policies: { ...own, ...policies }, entities: [...roles, ...entities] }
}

export const withOverrides = (
  { policies, entities }: Compiled,
  { policies: overrides }: { readonly policies: PoliciesJson },
): Compiled => ({ policies: { ...policies, ...overrides }, entities })

export const withoutOverrides = ({ policies, entities }: Compiled): Compiled => ({
  policies: Object.fromEntries(Object.entries(policies).filter(([id]) => !isOverride(id))),
  entities,
})

/** @throws when it is not what every service understands: before anybody depends on it */
export function checkReadable({ policies, entities }: Compiled): void {
  const own = entities.map(({ uid, parents, attrs }) => ({ uid, parents: [...parents], attrs: { ...attrs } }))
  createEvaluator({ revision: 1, policies: policies as Bundle['policies'], entities: own })
}

/** @throws Fault policy.publish.too_long */
export function bundleText(revision: number, { policies, entities }: Compiled): string {
  const text = writeJson({ revision, policies, entities })
  if (text.length > longestBundle) throw fault.too_long()
  return text
}

export interface Signer {
  sign(bundle: string): string
  isOurs(signed: SignedBundle): boolean
}

/** The exact bytes are signed: what is verified is what is read. */
export function createBundleSigner(key: KeyObject): Signer {
  const bytes = (bundle: string) => Buffer.from(`althing/bundle/v1\n${bundle}`)
  const publicKey = createPublicKey(key)
  return {
    sign: (bundle) => sign(null, bytes(bundle), key).toString('base64url'),
    isOurs: ({ bundle, signature }) =>
      verify(null, bytes(bundle), publicKey, Buffer.from(signature, 'base64url')),
  }
}

export const hashOf = (source: string): Buffer => createHash('sha256').update(source).digest()
