import { may, route, type Route } from '@althing/kernel/http'
import type { Outsiders } from './rules.ts'
import { EnginesShown } from './schema.ts'

/** The engines outside, for those who look after the machine. */
export function engineRoutes({ list }: Pick<Outsiders, 'list'>): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/policy/engines',
        access: may('engines.read'),
        summary: 'The engines outside that must agree, and how they answered the node that tells it.',
        reply: EnginesShown,
      },
      () => ({ engines: list() }),
    ),
  ]
}
