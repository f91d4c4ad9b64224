/** What machines are told, in sentences for people: in both languages, because whoever asks may not be who reads it. */
import { cedarText, valueText } from './cedar-text.ts'
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

/** Of overrides that decided, in the words of whoever made them. */
export function overrideWords({ determining, policies }: Decided): Both[] {
  return policies.flatMap(({ id, override }) => {
    if (override === null || !determining.includes(id)) return []
    const until = override.until?.slice(0, 16).replace('T', ' ') ?? ''
    return [
      {
        en: `“${id}” is an override until ${until} UTC. Its reason: ${override.reason}`,
        is: `„${id}“ er undanþága til ${until} UTC. Ástæðan: ${override.reason}`,
      },
    ]
  })
}

const quotedEn = (names: readonly string[]) => names.map((name) => `“${name}”`).join(', ')
const quotedIs = (names: readonly string[]) => names.map((name) => `„${name}“`).join(', ')

function allowed({ determining, policies, engines = [] }: Decided): Both[] {
  return [
    {
      en: `Yes: ${quotedEn(determining)} ${determining.length === 1 ? 'permits' : 'permit'} it, and nothing forbids it.`,
      is: `Já: ${quotedIs(determining)} ${determining.length === 1 ? 'leyfir' : 'leyfa'} það og ekkert bannar það.`,
    },
    ...policies.filter(({ id }) => determining.includes(id)).flatMap(permitted),
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
    ...forbids.map(forbidden),
    ...errors.map(({ policy, message }) => ({
      en: `No: “${policy}” could not be evaluated (${message}), and so it denies.`,
      is: `Nei: ekki tókst að meta „${policy}“ (${message}) og þess vegna synjar hún.`,
    })),
  ]
  if (reasons.length > 0) return reasons
  const nearest = policies.filter(({ effect }) => effect === 'permit').slice(0, 3)
  return [
    { en: 'No: no policy permits it.', is: 'Nei: engin regla leyfir það.' },
    ...nearest.flatMap(notApplying),
  ]
}

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
