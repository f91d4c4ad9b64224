/** Why somebody may, why not, and who may: for whoever has the machine in hand. */
import { NothingFound, table, UsageError, type Command, type CommandInput } from '@althing/kernel/service'
import { noSuch } from '@althing/kernel/service/near.ts'
import { Registry } from '@althing/kernel/telemetry'
import type { Asking } from './access/rules.ts'
import { actions } from './actions.ts'
import { composeAccess, type PolicyKit } from './compose-access.ts'
import { signedIn } from './compose-publish.ts'
import { composeExplain } from './compose-explain.ts'
import { composePublishing } from './compose-publish.ts'
import { Evaluation } from './contract.ts'
import type { Explanation, MayFound } from './explain/schema.ts'
import { howNamed, named } from './cli-named.ts'
import { beside, peopleIn, type People } from './cli-people.ts'
import type { Ref } from './known.ts'
import { createPolicyMetrics } from './metrics.ts'

export const contextOption = { context: { type: 'string' } } as const
const pageOptions = { limit: { type: 'string' }, token: { type: 'string' } } as const

export const explainCommands: readonly Command[] = [
  {
    noun: 'policy',
    verb: 'explain',
    usage: '<who> <action> <on what>',
    summary: `Says why somebody may do something, why not, and what it would take; --context takes JSON. ${howNamed}`,
    options: contextOption,
    assemble: false,
    async run(input) {
      const [subject, action, resource] = input.positionals
      if (subject === undefined || action === undefined || resource === undefined)
        throw new UsageError(
          'Say who, what and on what: althing policy explain ada@example.org elections.open Election::e1',
        )
      const asked = {
        subject: await named(input, subject),
        action: { name: action },
        resource: await named(input, resource),
        ...contextIn(input),
      }
      const { explaining, snapshot } = explainers(input)
      await known(snapshot, action)
      const told = await explaining.explain(Evaluation.parse(asked), asking)
      const unknown = told.unknown.map(({ words }) => words.en)
      const lines = [...unknown, ...told.words.en, ...adviceIn(told), ...told.needed.flatMap(neededIn)]
      // The doubt first: a “yes” about something mistyped is read as an answer.
      await noteKinds(input, snapshot, [asked.subject.type, asked.resource.type])
      input.out.result(told, lines.join('\n'))
    },
  },
  {
    noun: 'policy',
    verb: 'who-can',
    usage: '<action> <on what>',
    summary: `Says who may do something, and through what; --type says of which kind, people when it does not. ${howNamed}`,
    options: { type: { type: 'string' }, ...contextOption, ...pageOptions },
    assemble: false,
    async run(input) {
      const [action, resource] = input.positionals
      if (action === undefined || resource === undefined)
        throw new UsageError('Say what and on what: althing policy who-can elections.open Election::e1')
      const { finding, snapshot } = explainers(input)
      await known(snapshot, action)
      const type = String(input.values['type'] ?? 'Person')
      const asked = {
        subject: { type },
        action: { name: action },
        resource: await named(input, resource),
        ...contextIn(input),
      }
      const found = await finding.whoCan({ ...asked, page: pageIn(input) }, asking)
      const people = await peopleIn(input, type === 'Person' ? found.results.map(({ id }) => id) : [])
      const rows = found.results.map(({ id, through }) => ({
        [type]: beside(people, id),
        through: throughText(through),
      }))
      told(input, { ...found, people }, table(rows))
      await noteKinds(input, snapshot, [asked.resource.type])
      await noteUnknown(input, snapshot, type)
    },
  },
  {
    noun: 'policy',
    verb: 'may',
    usage: '<who> [on what, or a type alone]',
    summary: `Says what somebody may do: in Althing itself, on one thing, or on all that is known of a kind. ${howNamed}`,
    options: { ...contextOption, ...pageOptions },
    assemble: false,
    async run(input) {
      const [subject, resource] = input.positionals
      if (subject === undefined) throw new UsageError('Say who: althing policy may ada@example.org')
      const on =
        resource === undefined
          ? {}
          : { resource: isKind(resource) ? { type: resource } : await named(input, resource) }
      const asked = { subject: await named(input, subject), ...on, ...contextIn(input), page: pageIn(input) }
      const { finding, snapshot } = explainers(input)
      await someone(snapshot, subject, asked.subject)
      const found = await finding.whatMay(asked, asking)
      // Whoever asks knows whom they asked about.
      const people = await peopleIn(
        input,
        found.results.flatMap(({ resource: { type, id } }) =>
          type === 'Person' && id !== asked.subject.id ? [id] : [],
        ),
      )
      const rows = found.results.flatMap(({ resource: { type, id }, actions }) =>
        actions.map(({ name, through }) => ({
          on: id === null ? `any ${type}` : beside(people, `${type}::${id}`),
          action: name,
          through: throughText(through),
        })),
      )
      told(input, { ...found, people }, table(rows))
      const kinds = resource !== undefined && isKind(resource) ? [resource] : []
      noteAny(input, found, resource === undefined && asked.subject.type === 'Person')
      await noteKinds(input, snapshot, [asked.subject.type, ...kinds])
    },
  },
]

/** Of those that decided, to whoever looks after them. */
const adviceIn = ({ determining, policies }: Explanation): readonly string[] =>
  policies.flatMap(({ id, advice }) =>
    advice === null || !determining.includes(id) ? [] : [`“${id}” advises: ${advice}`],
  )

const neededIn = ({ words, ends }: Explanation['needed'][number]): readonly string[] => [
  words.en,
  ...ends.map((id) => `To end it: althing policy overrides end ${id} --reason "…"`),
]

/** A kind has neither the colons of a name, nor what tells an address and an id from a word. */
const isKind = (text: string): boolean => /^[A-Za-z]\w*$/.test(text) && !text.startsWith('acc_')

/** Nobody’s token is at hand: whoever is asked about has shown nothing. */
export const asking: Asking = {
  caller: { kind: 'service', subject: 'policy', roles: [] },
  request: undefined,
}

function explainers(input: CommandInput) {
  const kit = input.kit as unknown as PolicyKit
  const metrics = createPolicyMetrics(new Registry())
  const published = composePublishing(kit, metrics)
  const { engine, access, others } = composeAccess(kit, metrics, {
    beside: () => {},
    inForce: signedIn(kit),
  })
  const composed = composeExplain(kit, {
    engine,
    enginesFor: others.named,
    questionOf: access.questionOf,
    withDraft: async (id) => (await published.prepared(id))?.prepared?.set ?? null,
    actor: () => input.actor,
  })
  return { ...composed, snapshot: engine.fresh }
}

/** Of an action that no policy names, each answer would be a no without a word: most often it is mistyped. */
async function known(snapshot: ReturnType<typeof explainers>['snapshot'], action: string): Promise<void> {
  const named = (await snapshot()).actions()
  if (!named.includes(action))
    throw new NothingFound(noSuch('action that a policy names called', action, named))
}

/** What is said of nobody in particular would be taken for an answer about them. @throws NothingFound */
async function someone(
  snapshot: ReturnType<typeof explainers>['snapshot'],
  written: string,
  { type, id }: Ref,
): Promise<void> {
  // Whose an address is, identity has said: they have an account, with a role or without.
  if (type !== 'Person' || written.includes('@') || (await snapshot()).knows(type, id)) return
  throw new NothingFound(
    `Nothing is known here of “${written}”: nobody with this id has a role. Somebody who has an account and no role is named by their e-mail address.`,
  )
}

/** Of elections, accounts without a role and the like nobody tells policy. */
function noteAny({ out }: CommandInput, { results }: MayFound, isOfAll: boolean): void {
  if (isOfAll || results.some(({ resource }) => resource.id === null))
    out.note(
      '“any” is what the policies say of one of which nothing is known. What is permitted or denied on a single one, say that one: Type::id.',
    )
}

/** Of what nobody told of, nothing is found, and that is no answer to the question. */
async function noteUnknown(
  input: CommandInput,
  snapshot: ReturnType<typeof explainers>['snapshot'],
  kind: string,
): Promise<void> {
  const [one] = (await snapshot()).idsOf(kind, undefined)
  if (one !== undefined) return
  if (ownKinds.includes(kind)) input.out.note(`Nothing of the kind ${kind} is known here.`)
  else await noteKinds(input, snapshot, [kind])
}

/** A “no” about a kind that there is not would be taken for an answer: most often it is mistyped. */
async function noteKinds(
  { out }: CommandInput,
  snapshot: ReturnType<typeof explainers>['snapshot'],
  kinds: readonly string[],
): Promise<void> {
  const known = [...new Set([...ownKinds, ...(await snapshot()).kinds()])].sort()
  for (const kind of new Set(kinds))
    if (!known.includes(kind))
      out.note(
        `${noSuch('kind of thing or person', kind, known)}\nApplications tell of theirs, and kinds are written as they do, with their capitals.`,
      )
}

/** What Althing itself asks about. */
const ownKinds: readonly string[] = [...new Set(Object.values(actions).flat())]

/** @throws UsageError */
export function contextIn({ values }: CommandInput): { readonly context?: Record<string, unknown> } {
  const text = values['context']
  if (text === undefined) return {}
  try {
    return { context: Evaluation.shape.context.unwrap().parse(JSON.parse(String(text))) }
  } catch {
    throw new UsageError('--context is a JSON object, as {"hour": 12}.')
  }
}

/** @throws UsageError */
function pageIn({ values }: CommandInput) {
  const limit = Number(values['limit'] ?? 100)
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw new UsageError('--limit is a number up to 1000.')
  return { limit, ...(values['token'] === undefined ? {} : { token: String(values['token']) }) }
}

type Through = readonly { readonly policy: string; readonly in: Ref | null }[]
const throughText = (through: Through): string =>
  through
    .map(({ policy, in: group }) => (group === null ? policy : `${policy} (${group.type}::${group.id})`))
    .join(', ')

function told(
  { out }: CommandInput,
  found: { readonly page: { readonly next_token: string }; readonly people: People },
  text: string,
): void {
  out.result(found, text)
  if (found.page.next_token !== '') out.note(`There is more: --token ${found.page.next_token}`)
}
