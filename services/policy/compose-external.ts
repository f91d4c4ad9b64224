/** The engines outside: as the settings name them, called by the rules of every call out, and counted. */
import { ConfigError, type Secret, type Values } from '@althing/kernel/config'
import { createEgress, type Egress } from '@althing/kernel/egress'
import type { Kit } from '@althing/kernel/service'
import type { Config } from './config.ts'
import { createRedaction } from './decisions/redaction.ts'
import { createAuthzen } from './external/authzen.ts'
import { createOpa } from './external/opa.ts'
import type { EnginePort } from './external/port.ts'
import { createOthers, type Outsiders } from './external/rules.ts'
import { hides } from './external/sending.ts'
import { readEngines, type Engine } from './external/settings.ts'
import type { PolicyMetrics } from './metrics.ts'

type PolicyKit = Kit<Values<typeof Config>>
type Settings = PolicyKit['config']

/** @throws ConfigError naming everything that is not right about them */
export function enginesIn({ engines, url, egressAllowed, decisionLogRedacts }: Settings): readonly Engine[] {
  const read = readEngines({
    text: engines.reveal(),
    origin: url,
    checked: createEgress({ allowed: egressAllowed }).checked,
    isHidden: hides(createRedaction(decisionLogRedacts)),
  })
  if (read.engines !== undefined) return read.engines
  throw new ConfigError(
    read.mistakes.map(({ line, message }) => `ALTHING_POLICY_ENGINES, line ${line}: ${message}`),
  )
}

/** The engines open after five failures in ten seconds; a look every fifteen is nothing to them, and everything is denied meanwhile. */
const breaking = { halfOpenAfterSeconds: 15 }

export function composeExternal(kit: PolicyKit, metrics: Pick<PolicyMetrics, 'engineAnswered'>): Outsiders {
  const { config, breakers, clock, log } = kit
  return createOthers({
    inUse: enginesIn(config).map((engine) => ({
      engine,
      port: portTo(engine, kit),
      breaker: breakers.breaker(`engine-${engine.name}`, breaking),
    })),
    redact: createRedaction(config.decisionLogRedacts),
    clock,
    told(opinion) {
      metrics.engineAnswered(opinion.engine, opinion.outcome, opinion.milliseconds)
      const { engine, outcome, why } = opinion
      if (outcome === 'error') log.warn('an engine outside does not answer', { engine, why })
    },
  })
}

/** An engine as it is called once, past its breaker: for whoever tries it. */
export function portTo(
  engine: Pick<Engine, 'kind' | 'url' | 'token'>,
  kit: Pick<PolicyKit, 'config' | 'chance'>,
): EnginePort {
  const way: { url: string; token: Secret | undefined; send: Egress['send'] } = {
    url: engine.url,
    token: engine.token,
    send: createEgress({ allowed: kit.config.egressAllowed }).send,
  }
  return engine.kind === 'opa' ? createOpa(way) : createAuthzen(way, () => kit.chance.uuid())
}
