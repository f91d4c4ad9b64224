/**
 * A set of policies, as Cedar's JSON has it: static ones, templates, and links that fill their slots. It is taken whole or
 * not at all; what is not understood is refused here.
 */
import { fields } from './code.ts'
import { Refused } from './failure.ts'
import { createPlans, type Plans } from './plan.ts'
import { compilePolicy, slotsOf, type Rule } from './policy.ts'
import { isObject, readUid } from './read-value.ts'
import { Notes, type AttributesRead } from './notes.ts'
import type { Slots } from './scope.ts'
import { letGoWith } from './uid.ts'

interface PolicySetJson {
  readonly staticPolicies?: Readonly<Record<string, unknown>>
  readonly templates?: Readonly<Record<string, unknown>>
  readonly templateLinks?: readonly unknown[]
}

export interface PolicySet {
  readonly rules: readonly Rule[]
  readonly plans: Plans
  readonly reads: AttributesRead
  readonly namesInContext: ReadonlySet<string>
}

interface Options {
  /** Without it every policy is looked at for every question: for tests that compare the two. */
  readonly index?: boolean
}

/** @throws Refused */
export function createPolicySet(json: PolicySetJson, { index = true }: Options = {}): PolicySet {
  const notes = new Notes()
  try {
    const rules = compileAll(json, notes)
    const set = {
      rules,
      plans: createPlans(rules, index),
      reads: notes.read(),
      namesInContext: notes.namesInContext(),
    }
    letGoWith(set, notes.names)
    return set
  } catch (error) {
    notes.letGo()
    throw error
  }
}

/** Which attributes the policies can read: whatever is not named cannot change a decision. */
export function attributesRead(set: PolicySet): AttributesRead {
  return set.reads
}

/** Whether a policy asks for one thing of the context by its name. */
export function readsOfContext({ namesInContext }: PolicySet, name: string): boolean {
  return namesInContext.has(name)
}

function compileAll(json: PolicySetJson, notes: Notes): Rule[] {
  const { staticPolicies = {}, templates = {}, templateLinks = [] } = json
  const rules = Object.entries(staticPolicies).map(([id, policy], order) =>
    compilePolicy(policy, { id, order, slots: {}, notes }),
  )
  const taken = new Set([...Object.keys(staticPolicies), ...Object.keys(templates)])
  if (taken.size !== Object.keys(staticPolicies).length + Object.keys(templates).length)
    throw new Refused('A template has the id of a policy')
  for (const [id, template] of Object.entries(templates)) checkTemplate(id, template)
  for (const link of templateLinks) {
    const { newId, templateId, values } = readLink(link)
    if (taken.has(newId)) throw new Refused(`The id ${newId} of a link is taken`)
    taken.add(newId)
    if (!Object.hasOwn(templates, templateId)) throw new Refused(`There is no template ${templateId}`)
    const template = templates[templateId]
    if (Object.keys(values).sort().join() !== slotsOf(template).toSorted().join())
      throw new Refused(`The link ${newId} does not fill the slots of ${templateId}`)
    rules.push(compilePolicy(template, { id: newId, order: rules.length, slots: values, notes }))
  }
  return rules
}

/** A template that nobody links must be understood all the same. */
function checkTemplate(id: string, template: unknown): void {
  if (slotsOf(template).length === 0) throw new Refused(`The template ${id} has no slot`)
  const notes = new Notes()
  const anything = readUid({ type: 'Any', id: '' })
  try {
    compilePolicy(template, { id, order: 0, slots: { '?principal': anything, '?resource': anything }, notes })
  } finally {
    notes.letGo()
  }
}

function readLink(link: unknown): { newId: string; templateId: string; values: Slots } {
  const { newId, templateId, values } = fields(link, ['newId', 'templateId', 'values'])
  if (typeof newId !== 'string' || typeof templateId !== 'string' || !isObject(values))
    throw new Refused('A link needs newId, templateId and values')
  const slots = Object.entries(values).map(([slot, uid]) => [slot, readUid(uid)] as const)
  return { newId, templateId, values: Object.fromEntries(slots) }
}
