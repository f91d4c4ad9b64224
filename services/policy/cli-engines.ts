/** The engines outside: which there are, how they do, and what one says to a question. */
import { NothingFound, table, UsageError, type Command, type CommandInput } from '@althing/kernel/service'
import { noSuch } from '@althing/kernel/service/near.ts'
import { isFault } from '@althing/kernel/errors'
import { Registry } from '@althing/kernel/telemetry'
import { z } from 'zod'
import { chosen } from './cli-common.ts'
import { asking, contextIn, contextOption } from './cli-explain.ts'
import { howNamed, named } from './cli-named.ts'
import { enginesIn, portTo } from './compose-external.ts'
import { composeAccess, type PolicyKit } from './compose-access.ts'
import { signedIn } from './compose-publish.ts'
import { Evaluation } from './contract.ts'
import { createRedaction } from './decisions/redaction.ts'
import { messageOf } from './external/sending.ts'
import { createPolicyMetrics } from './metrics.ts'

export const engineCommands: readonly Command[] = [
  {
    noun: 'policy',
    verb: 'engines',
    usage: '<list or try> [engine] [who] [action] [on what]',
    summary: `Shows the engines outside that must agree, and how the running service found them; asks one a question, and shows what was sent and what came. ${howNamed}`,
    options: contextOption,
    assemble: false,
    run: (input) => chosen(input, { list: { run: list }, try: { run: tryOne, reads: 4 } }),
  },
]

const kitOf = ({ kit }: CommandInput) => kit as unknown as PolicyKit

async function list(input: CommandInput): Promise<void> {
  const engines = enginesIn(kitOf(input).config)
  const { states, counts } = await running(input)
  const told = engines.map(({ name, kind, actions, resources, deadlineMs }) => ({
    name,
    kind,
    actions,
    resources,
    deadlineMs,
    breaker: states.get(`engine-${name}`) ?? 'closed',
    answers: counts(name),
  }))
  const rows = told.map(({ actions, resources, answers, deadlineMs, ...one }) => ({
    ...one,
    about: [...actions, ...resources].join(' '),
    'within ms': deadlineMs,
    ...answers,
  }))
  input.out.result({ engines: told }, table(rows))
}

const Breakers = z.object({ breakers: z.array(z.object({ name: z.string(), state: z.string() })) })

/** How they do is known in the running process; the management address is the way to it. */
async function running({ kit, service }: CommandInput) {
  const at = `${kit.config.managementUrl}/${service.name}`
  const [breakers, metrics] = await Promise.all(
    ['breakers', 'metrics'].map((path) => fetch(`${at}/${path}`, { signal: AbortSignal.timeout(5_000) })),
  )
  const { breakers: all } = Breakers.parse(await breakers?.json())
  const text = (await metrics?.text()) ?? ''
  const counted = [
    ...text.matchAll(/^policy_engine_answers_total\{[^}]*engine="([\w-]+)",outcome="(\w+)"\} (\d+)/gm),
  ]
  return {
    states: new Map(all.map(({ name, state }) => [name, state])),
    counts(engine: string) {
      const of = (outcome: string) =>
        Number(counted.find(([, name, what]) => name === engine && what === outcome)?.[3] ?? 0)
      return { allow: of('allow'), deny: of('deny'), error: of('error'), open: of('open') }
    },
  }
}

/** As it would be asked, whatever our own policies say; and the audit log knows whose attributes left for it. */
async function tryOne(input: CommandInput): Promise<number> {
  const [, name, subject, action, resource] = input.positionals
  if (name === undefined || subject === undefined || action === undefined || resource === undefined)
    throw new UsageError(
      'Say which engine, who, what and on what: althing policy engines try risk user::una payments.approve account::a1',
    )
  const kit = kitOf(input)
  const engines = enginesIn(kit.config)
  const engine = engines.find((one) => one.name === name)
  if (engine === undefined)
    throw new NothingFound(
      noSuch(
        'engine called',
        name,
        engines.map((one) => one.name),
      ),
    )
  const asked = Evaluation.parse({
    subject: await named(input, subject),
    action: { name: action },
    resource: await named(input, resource),
    ...contextIn(input),
  })
  const { access, engine: own } = composeAccess(kit, createPolicyMetrics(new Registry()), {
    beside: () => {},
    inForce: signedIn(kit),
  })
  const question = await access.questionOf(asked, asking)
  const sent = messageOf(
    { question, snapshot: await own.fresh() },
    engine.sends,
    createRedaction(kit.config.decisionLogRedacts),
  )
  if (sent === null)
    throw new UsageError('What would be sent is too large: more than 64 kB. Name fewer attributes.')
  await kit.audit.record(kit.database, {
    action: 'engines.tried',
    actor: input.actor,
    target: { type: asked.subject.type, id: asked.subject.id },
    outcome: 'done',
    fields: [name, action],
  })
  const begun = performance.now()
  const came = await portTo(engine, kit).ask(sent, engine.deadlineMs).catch(whyNot)
  const milliseconds = Math.round(performance.now() - begun)
  const lines = [
    `Sent: ${JSON.stringify(sent, null, 2)}`,
    `Came after ${milliseconds} ms: ${JSON.stringify(came, null, 2)}`,
  ]
  input.out.result({ sent, came, milliseconds }, lines.join('\n'))
  return 'error' in came ? 2 : 0
}

/** What is no answer denies; here it is told what it was. */
function whyNot(error: unknown): { readonly error: string; readonly message: string } {
  if (!isFault(error)) throw error
  const cause = error.cause instanceof Error ? ` ${error.cause.message}` : ''
  return { error: error.code, message: `${error.title}${cause}` }
}
