/**
 * A decision that was made by a door of another service, where nobody is known but who came: made again in what comes with the policies, which is
 * read once, with whoever came laid over it.
 */
import { overlay, readEntity } from '@althing/kernel/cedar'
import type { FixedEntity } from '../authored.ts'
import type { Question, Ruling } from '../deciding.ts'
import type { Policies } from './policies.ts'
import { decide } from './rules.ts'
import { createWorld } from './world.ts'

export type Elsewhere = (question: Question, comer: FixedEntity, now: Date) => Ruling

export function createElsewhere({ set, fixed }: Pick<Policies, 'set' | 'fixed'>): Elsewhere {
  const { entities, fix, stampOf } = createWorld()
  fix(fixed)
  return (question, comer, now) => {
    const world = { entities: overlay([readEntity(comer)], entities), stampOf }
    return decide(question, { world, leastStamp: () => 0, now }, set)
  }
}
