/**
 * The engines as an operator writes them, in JSON or YAML, and everything that is not right about it, each with its line. What is wrong here
 * would otherwise be found by whoever is denied by it.
 */
import { Secret } from '@althing/kernel/config'
import type { Egress } from '@althing/kernel/egress'
import { actions as ours } from '../actions.ts'
import { readYaml, type Mistake } from '../yaml.ts'
import { covers } from './applying.ts'
import { EngineSettings, type EngineSetting, type Sends } from './schema.ts'

export type Engine = Omit<EngineSetting, 'token'> & { readonly token: Secret | undefined }

interface Needs {
  readonly text: string
  /** Our own address: an engine there would ask itself for ever. */
  readonly origin: string
  /** @throws Fault kernel.egress.address */
  readonly checked: Egress['checked']
  /** Whether an attribute of this name never leaves the house. */
  readonly isHidden: (name: string) => boolean
}

type Read =
  | { readonly engines: readonly Engine[]; readonly mistakes: readonly [] }
  | { readonly engines?: undefined; readonly mistakes: readonly Pick<Mistake, 'line' | 'message'>[] }

const setting = 'ALTHING_POLICY_EGRESS_ALLOWED'

export function readEngines({ text, ...needs }: Needs): Read {
  if (text.trim() === '') return { engines: [], mistakes: [] }
  const read = readYaml(text, EngineSettings)
  if (read.value === undefined) return { mistakes: read.mistakes }
  const names = read.value.map(({ name }) => name)
  const mistakes = read.value.flatMap((engine, n) =>
    [
      ...(names.indexOf(engine.name) === n ? [] : ['There are two of this name.']),
      ...complaints(engine, needs),
    ].map((message) => ({ line: read.lineOf([n]), message: `${engine.name}: ${message}` })),
  )
  if (mistakes.length > 0) return { mistakes }
  const engines = read.value.map(({ token, ...engine }) => ({
    ...engine,
    token: token === undefined ? undefined : new Secret(token),
  }))
  return { engines, mistakes: [] }
}

type Checking = Omit<Needs, 'text'>

function complaints(engine: EngineSetting, needs: Checking): string[] {
  return [
    ...addressComplaints(engine, needs),
    ...reachComplaints(engine),
    ...sendingComplaints(engine.sends, needs),
  ]
}

function addressComplaints({ kind, url }: EngineSetting, { origin, checked }: Checking): string[] {
  const address = URL.parse(url)
  if (address === null) return ['url is no address.']
  if (address.hash !== '' || address.username !== '' || address.password !== '')
    return ['url has no name and password in it, and no part behind #. The token has a place of its own.']
  if (kind === 'opa' && !/\/v1\/data\/[^/]/.test(address.pathname))
    return ['url of an OPA is that of the decision: https://opa.example.org/v1/data/{path}.']
  if (address.origin === URL.parse(origin)?.origin) return ['url is our own address: it would ask itself.']
  try {
    checked(url)
    return []
  } catch {
    return [
      `url must be https and public. An engine inside, or in clear, is allowed by its host in ${setting}.`,
    ]
  }
}

/** Why none of Althing's own: its doors decide where they are, and ask nobody (decision 0034). */
function reachComplaints({ actions, resources }: EngineSetting): string[] {
  if (actions.length === 0 && resources.length === 0)
    return ['says neither actions nor resources: it would be asked about nothing.']
  const covered = Object.keys(ours).filter((action) => actions.some((pattern) => covers(pattern, action)))
  if (covered.length > 0)
    return [
      `${covered.slice(0, 3).join(', ')}${covered.length > 3 ? ` and ${covered.length - 3} more` : ''}: an action of Althing's own is decided at its door, which asks no engine outside. Name those of your own applications.`,
    ]
  const kinds = new Set(Object.values(ours).flat())
  const taken = resources.filter((type) => kinds.has(type))
  if (actions.length > 0 || taken.length === 0) return []
  return [
    `${taken.join(', ')}: what is done to a thing of Althing's own is decided at its door. Name the actions of your own applications as well.`,
  ]
}

function sendingComplaints(sends: Sends, { isHidden }: Checking): string[] {
  return Object.entries(sends).flatMap(([part, names]) =>
    names
      .filter(isHidden)
      .map((name) => `sends.${part}: ${name} is a secret or the number of a person, and never leaves.`),
  )
}
