/** What identity is given by the kernel, and the few things that all of its features say in the same words. */
import type { Values } from '@althing/kernel/config'
import type { Kit, Tx } from '@althing/kernel/service'
import type { Config } from './config.ts'
import { sessionEnded } from './contract.ts'

export type IdentityKit = Kit<Values<typeof Config>>
export type Db = Parameters<Parameters<IdentityKit['atomic']>[0]>[0]

/** A hall of people is one network: the preset for it lets ten times as many in. */
export const hallFactorOf = ({ preset }: Pick<IdentityKit['config'], 'preset'>): number =>
  preset === 'meeting' ? 10 : 1

/** Of one network, who has shown nothing yet: signing in, authorization requests, devices. @throws Fault kernel.limits.too_many */
export const spendBeginningIn =
  ({ limits, config }: IdentityKit) =>
  (network: string): Promise<void> =>
    limits.spend('begin-network', network, {
      most: config.beginningsPerNetwork * hallFactorOf(config),
      withinSeconds: 60,
    })

export const tellEnded = (tx: Tx, session: string, person: string): Promise<void> =>
  tx.send(sessionEnded, { session, person }, { to: ['portal'] })
