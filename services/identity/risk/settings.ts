import { integer, optional, setting } from '@althing/kernel/config'
import { z } from 'zod'
import type { Action, Signal } from './schema.ts'
import type { Limits } from './signals.ts'

const policies = ['off', 'watch', 'balanced', 'strict'] as const

const number = (env: string, fallback: string, doc: string, least = 1) =>
  setting({ env: `ALTHING_IDENTITY_RISK_${env}`, schema: integer.min(least), fallback, doc })

const weight = (env: string, fallback: string, doc: string) =>
  setting({ env: `ALTHING_IDENTITY_RISK_WEIGHT_${env}`, schema: integer.min(0).max(100), fallback, doc })

const threshold = (env: string, doc: string) =>
  setting({
    env: `ALTHING_IDENTITY_RISK_${env}_AT`,
    schema: z.union([z.literal('').transform(() => undefined), integer.min(1).max(101)]),
    fallback: '',
    doc: `${doc} Empty: as the policy has it; 101: never.`,
  })

/** What speaks against a sign-in, how much, and what is done about it. */
export const riskSettings = {
  riskPolicy: setting({
    env: 'ALTHING_IDENTITY_RISK_POLICY',
    schema: z.enum(policies),
    fallback: 'balanced',
    doc: 'What is done about sign-ins that look dangerous. `off`: nothing; `watch`: they are told, and nobody is hindered; `balanced`: from 40 of 100 the owner is told, from 50 a second factor is asked for, from 75 other sessions end, from 90 it is refused; `strict`: from 20, 40, 60 and 80. Sessions end only when a second factor was shown, where there is one; wrong tries and reused tokens never count for ending or refusing, and what others try in the same network never for refusing.',
  }),
  riskNotifyAt: threshold('NOTIFY', 'From this score on the owner is told by mail.'),
  riskStepUpAt: threshold('STEP_UP', 'From this score on a second factor is asked for.'),
  riskEndSessionsAt: threshold(
    'END_SESSIONS',
    'From this score on, made without wrong tries and reused tokens, every session of the account ends; where there is a second factor, when it was shown.',
  ),
  riskBlockAt: threshold(
    'BLOCK',
    'From this score on, made the same way and without what others try in the same network, the sign-in is refused; never on a device that the owner has used before.',
  ),
  riskNewDevice: weight(
    'NEW_DEVICE',
    '20',
    'What it adds to the score of 100 that the device is new to the account.',
  ),
  riskImpossibleTravel: weight(
    'IMPOSSIBLE_TRAVEL',
    '45',
    'The same for a place too far from the last one to have been reached.',
  ),
  riskVelocity: weight('VELOCITY', '30', 'The same for many wrong tries of the account just before.'),
  riskManyAccounts: weight(
    'MANY_ACCOUNTS',
    '30',
    'The same for a network from which many accounts are tried in vain.',
  ),
  riskBreachedPassword: weight(
    'BREACHED_PASSWORD',
    '25',
    'The same for a password that has been in a breach; 0: it is not looked up.',
  ),
  riskRefreshReuse: weight('REFRESH_REUSE', '45', 'The same for a refresh token that was shown twice.'),
  riskTravelKm: number('TRAVEL_KM', '500', 'Places closer than this are one.'),
  riskTravelKmh: number('TRAVEL_KMH', '1000', 'Nobody travels faster than this.'),
  riskWindowMinutes: number('WINDOW_MINUTES', '10', 'How far back tries are counted.'),
  riskTries: number('TRIES', '10', 'Wrong tries of one account within that time that are many.'),
  riskNetworks: number('NETWORKS', '4', 'Networks they come from that are many.', 2),
  riskFailingAccounts: number(
    'FAILING_ACCOUNTS',
    '20',
    'Accounts tried in vain from one network within that time that are many; tries of addresses that are none of ours are a third of it at most. The preset `meeting` allows ten times as many.',
  ),
  riskReuseHours: number(
    'REUSE_HOURS',
    '24',
    'How long a refresh token that was shown twice speaks against its account.',
  ),
  placesFile: setting({
    env: 'ALTHING_IDENTITY_PLACES_FILE',
    schema: optional,
    doc: 'A table of where networks are, for impossible travel: lines of `network,country,latitude,longitude`, such as `192.0.2.0/24,IS,64.1,-21.9` (the longest prefix wins; lines that begin with # are passed over). Read at the start. Without it that signal is silent.',
  }),
} as const

export type Weights = Readonly<Record<Signal, number>>
/** From which score on; 101 is never. */
export type Bands = Readonly<Record<Exclude<Action, 'nothing'>, number>>

const never = 101
const bandsOf: Readonly<Record<(typeof policies)[number], Bands>> = {
  off: { notify: never, 'step-up': never, 'end-sessions': never, block: never },
  watch: { notify: 40, 'step-up': never, 'end-sessions': never, block: never },
  balanced: { notify: 40, 'step-up': 50, 'end-sessions': 75, block: 90 },
  strict: { notify: 20, 'step-up': 40, 'end-sessions': 60, block: 80 },
}

type Values = {
  readonly [name in keyof typeof riskSettings]: ReturnType<(typeof riskSettings)[name]['schema']['parse']>
}

export interface Policy {
  readonly weights: Weights
  readonly bands: Bands
  readonly limits: Limits
  readonly windowMinutes: number
}

/** @param hall by how much a hall of people behind one address may exceed what one network may */
export function policyOf(values: Values, hall: number): Policy {
  const preset = bandsOf[values.riskPolicy]
  return {
    weights: {
      'new-device': values.riskNewDevice,
      'impossible-travel': values.riskImpossibleTravel,
      velocity: values.riskVelocity,
      'many-accounts': values.riskManyAccounts,
      'breached-password': values.riskBreachedPassword,
      'refresh-reuse': values.riskRefreshReuse,
    },
    bands: {
      notify: values.riskNotifyAt ?? preset.notify,
      'step-up': values.riskStepUpAt ?? preset['step-up'],
      'end-sessions': values.riskEndSessionsAt ?? preset['end-sessions'],
      block: values.riskBlockAt ?? preset.block,
    },
    limits: {
      travelKm: values.riskTravelKm,
      travelKmh: values.riskTravelKmh,
      tries: values.riskTries,
      networks: values.riskNetworks,
      failingAccounts: values.riskFailingAccounts * hall,
      reuseHours: values.riskReuseHours,
    },
    windowMinutes: values.riskWindowMinutes,
  }
}
