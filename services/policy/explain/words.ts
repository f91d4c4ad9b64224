/** What machines are told, in sentences for people: in both languages, because whoever asks may not be who reads it. */
import { cedarText, valueText } from './cedar-text.ts'
import type { Ref } from '../known.ts'
import type { Change, Explanation, PolicyTold } from './schema.ts'

interface Both {
  readonly en: string
  readonly is: string
}
type Decided = Pick<Explanation, 'decision' | 'determining' | 'errors' | 'policies'> & {
  readonly engines?: readonly string[]
}

export function explanationWords(decided: Decided): Explanation['words'] {
  const sentences = decided.decision ? allowed(decided) : denied(decided)
  return { en: sentences.map(({ en }) => en), is: sentences.map((one) => one.is) }
}

/** An override as people speak of it: its number says nothing, and what it says itself is for others. */
const isNamed = ({ override }: PolicyTold): boolean => override !== null && override.until !== null

/** A moment, as it is written for machines: whoever shows it knows whose clock it is for. */
const until = ({ override }: PolicyTold): string => override?.until ?? ''

/** Why it was made, in the words of whoever made it. One that lends a role is many policies, and is told once. */
function madeFor(policies: readonly PolicyTold[]): Both[] {
  const reasons = policies.flatMap(({ override }) => (override === null ? [] : [override.reason]))
  return [...new Set(reasons)].map((reason) => ({
    en: `The reason of the override: ${reason}`,
    is: `Ástæða undanþágunnar: ${reason}`,
  }))
}

const quotedEn = (names: readonly string[]) => names.map((name) => `“${name}”`).join(', ')
const quotedIs = (names: readonly string[]) => names.map((name) => `„${name}“`).join(', ')

function allowed({ determining, policies, engines = [] }: Decided): Both[] {
  const deciding = policies.filter(({ id }) => determining.includes(id))
  const overrides = deciding.filter(isNamed)
  const names = determining.filter((id) => !overrides.some((one) => one.id === id))
  const lent = [...new Set(overrides.map(until))]
  const isOne = names.length + lent.length === 1
  const en = [quotedEn(names), ...lent.map((at) => `an override until ${at}`)].filter((one) => one !== '')
  const is = [quotedIs(names), ...lent.map((at) => `undanþága til ${at}`)].filter((one) => one !== '')
  return [
    {
      en: `Yes: ${listed(en, 'and')} ${isOne ? 'permits' : 'permit'} it, and nothing forbids it.`,
      is: `Já: ${listed(is, 'og')} ${isOne ? 'leyfir' : 'leyfa'} það og ekkert bannar það.`,
    },
    ...deciding.filter((one) => !isNamed(one)).flatMap(permitted),
    ...madeFor(overrides),
    ...(engines.length === 0 ? [] : [mustAgree(engines)]),
  ]
}

/** What its author says of it to people. In one language only, it is better than nothing in the other. */
function permitted({ id, reason }: PolicyTold): Both[] {
  const [en, is] = [reason.en ?? reason.is, reason.is ?? reason.en]
  return en === null || is === null ? [] : [{ en: `“${id}” says: ${en}`, is: `„${id}“ segir: ${is}` }]
}

function mustAgree(engines: readonly string[]): Both {
  const isOne = engines.length === 1
  return {
    en: `${quotedEn(engines)} outside must agree: ${isOne ? 'it is' : 'they are'} asked when somebody wants to do it.`,
    is: `${quotedIs(engines)} ${isOne ? 'utan kerfisins þarf' : 'utan kerfisins þurfa'} að samþykkja: spurt er þegar á reynir.`,
  }
}

function denied({ determining, errors, policies }: Decided): Both[] {
  const forbids = policies.filter(({ id, effect }) => effect === 'forbid' && determining.includes(id))
  const reasons = [
    ...forbids.map((one) => (isNamed(one) ? denying(one) : forbidden(one))),
    ...errors.map(({ policy, message }) => ({
      en: `No: “${policy}” could not be evaluated (${message}), and so it denies.`,
      is: `Nei: ekki tókst að meta „${policy}“ (${message}) og þess vegna synjar hún.`,
    })),
  ]
  if (reasons.length > 0) return [...reasons, ...madeFor(forbids)]
  const nearest = policies.filter(({ effect }) => effect === 'permit').slice(0, 3)
  return [
    { en: 'No: no policy permits it.', is: 'Nei: engin regla leyfir það.' },
    ...nearest.flatMap(notApplying),
  ]
}

const denying = (one: PolicyTold): Both => ({
  en: `No: an override forbids it until ${until(one)}.`,
  is: `Nei: undanþága bannar það til ${until(one)}.`,
})

function forbidden({ id, reason, goals }: PolicyTold): Both {
  const conditions = goals.map(({ text }) => `\`${text}\``).join(', ')
  return {
    en: `No: “${id}” forbids it${said(reason.en, goals.length === 0 ? '' : `, because of ${conditions}`)}.`,
    is: `Nei: „${id}“ bannar það${said(reason.is, goals.length === 0 ? '' : ` vegna ${conditions}`)}.`,
  }
}

const said = (reason: string | null, instead: string): string =>
  reason === null ? instead : `: ${reason.replace(/\.$/, '')}`

function notApplying({ id, goals }: PolicyTold): Both[] {
  const stop = goals.find(({ holds }) => holds !== 'yes')
  if (stop?.because == null) return []
  const { text, values, missing } = stop.because
  const readings = values.map((one) => `\`${one.text}\` = ${one.value}`).join(', ')
  const isText = readings === '' ? '' : ` (${readings})`
  if (missing !== null)
    return [
      {
        en: `“${id}” does not apply: ${missing.of} has no ${missing.name}.`,
        is: `„${id}“ á ekki við: ${missing.of} hefur ekkert ${missing.name}.`,
      },
    ]
  return [
    {
      en: `“${id}” does not apply: \`${text}\` is not so${isText}.`,
      is: `„${id}“ á ekki við: \`${text}\` stenst ekki${isText}.`,
    },
  ]
}

export function needWords(policy: string, changes: readonly Change[]): Both {
  const en = changes.map((change) => changeWords(change).en)
  const is = changes.map((change) => changeWords(change).is)
  return {
    en: `“${policy}” would permit it if ${listed(en, 'and')}.`,
    is: `„${policy}“ myndi leyfa það ef ${listed(is, 'og')}.`,
  }
}

/** What was forbidden for a while alone. */
export function endWords(policies: readonly string[], ends: readonly string[]): Both {
  const isOne = ends.length === 1
  return {
    en: `${quotedEn(policies)} would permit it if the ${isOne ? 'override' : 'overrides'} ended.`,
    is: `${quotedIs(policies)} ${policies.length === 1 ? 'myndi' : 'myndu'} leyfa það ef ${isOne ? 'undanþágan félli' : 'undanþágurnar féllu'} úr gildi.`,
  }
}

function listed(parts: readonly string[], and: string): string {
  if (parts.length < 2) return parts.join('')
  return `${parts.slice(0, -1).join(', ')} ${and} ${parts.at(-1)}`
}

function changeWords(change: Change): Both {
  const of = change.of === null ? 'context' : valueText({ __entity: change.of })
  if (change.kind === 'join' || change.kind === 'leave') {
    const group = valueText({ __entity: change.in })
    return change.kind === 'join'
      ? { en: `${of} were in ${group}`, is: `${of} væri í ${group}` }
      : { en: `${of} were not in ${group}`, is: `${of} væri ekki í ${group}` }
  }
  const name = cedarText(change.path.reduce<unknown>((left, attr) => ({ '.': { left, attr } }), { Var: of }))
  if (change.kind === 'unset') return { en: `${name} were not there`, is: `${name} væri ekki til` }
  const value = valueText(change.value)
  if (change.instead === 'any') return { en: `${name} were there`, is: `${name} væri til` }
  return change.instead === 'other'
    ? { en: `${name} were another, as ${value}`, is: `${name} væri annað, til dæmis ${value}` }
    : { en: `${name} were ${value}`, is: `${name} væri ${value}` }
}

/** Policy hears of an account with its first role, and of all else from applications. */
export function unknownWords({ type, id }: Ref, meant: string | null): Both {
  const name = `${type}::${id}`
  const [en, is] =
    meant === null ? ['', ''] : [` Did you mean ${type}::${meant}?`, ` Áttirðu við ${type}::${meant}?`]
  if (type === 'Person')
    return {
      en: `Nothing is known here of ${name}: nobody with this id has a role.${en}`,
      is: `Ekkert er vitað hér um ${name}: enginn með þetta auðkenni er með hlutverk.${is}`,
    }
  if (type === 'Service')
    return {
      en: `No part of Althing is called ${name}.${en}`,
      is: `Enginn hluti kerfisins heitir ${name}.${is}`,
    }
  return {
    en: `Nothing is known here of ${name}: no application has told of it.${en}`,
    is: `Ekkert er vitað hér um ${name}: ekkert forrit hefur sagt frá því.${is}`,
  }
}
