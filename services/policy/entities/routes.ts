import { may, route, type Route } from '@althing/kernel/http'
import type { Entities } from './rules.ts'
import { Writing, Written } from './schema.ts'

export function entityRoutes(entities: Entities): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/policy/entities',
        access: may('entities.write'),
        summary: 'Tells of things, people and their relations, all of it or nothing',
        body: Writing,
        bodyLimit: 2 ** 20,
        reply: Written,
      },
      ({ body, caller }) => entities.write(body, caller),
    ),
  ]
}
