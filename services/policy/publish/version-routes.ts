import { may, route, type Route } from '@althing/kernel/http'
import { DraftPath } from '../contract.ts'
import type { Proven } from '../proof.ts'
import type { Activation } from './activation.ts'
import type { HistoryOf } from './history.ts'
import {
  Activate,
  DiffPath,
  Differences,
  DraftDifferences,
  InForce,
  ListQuery,
  RollBack,
  State,
  VersionPath,
  VersionWhole,
  VersionsListed,
} from './schema.ts'

interface Needs {
  readonly history: HistoryOf
  readonly activation: Activation
  readonly proven: Proven
}

export const versionRoutes = (needs: Needs): Route[] => [...readingRoutes(needs), ...changingRoutes(needs)]

function readingRoutes({ history }: Needs): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/policy/state',
        access: may('policy.read'),
        summary: 'What is in force, and whether the organisation’s policies fit this release.',
        reply: State,
      },
      () => history.state(),
    ),
    route(
      {
        method: 'GET',
        path: '/api/policy/versions',
        access: may('policy.read'),
        summary:
          'Every version there has been, the latest first: who, when and why; those of overrides when they are asked for.',
        query: ListQuery,
        reply: VersionsListed,
      },
      ({ query }) => history.list(query.before, query.limit, query.overrides),
    ),
    route(
      {
        method: 'GET',
        path: '/api/policy/versions/:revision',
        access: may('policy.read'),
        summary: 'One version, as it was written.',
        params: VersionPath,
        reply: VersionWhole,
      },
      ({ params }) => history.read(params.revision),
    ),
    route(
      {
        method: 'GET',
        path: '/api/policy/versions/:from/diff/:to',
        access: may('policy.read'),
        summary: 'What is different between two versions, line by line.',
        params: DiffPath,
        reply: Differences,
      },
      ({ params }) => history.difference(params.from, params.to),
    ),
    route(
      {
        method: 'GET',
        path: '/api/policy/drafts/:id/diff',
        access: may('policy.read'),
        summary: 'What a draft would change of what is in force, line by line.',
        params: DraftPath,
        reply: DraftDifferences,
      },
      ({ params }) => history.draftDifference(params.id),
    ),
  ]
}

function changingRoutes({ activation, proven }: Needs): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/policy/drafts/:id/activate',
        access: may('policy.activate'),
        summary:
          'Brings a draft into force that somebody else wrote and proposed; needs a second factor just now.',
        params: DraftPath,
        body: Activate,
        reply: InForce,
      },
      ({ params, body, caller }) =>
        activation.activate(params.id, body.version, {
          by: proven(caller),
          roles: caller.roles,
          reason: body.reason,
        }),
    ),
    route(
      {
        method: 'POST',
        path: '/api/policy/versions/:revision/roll-back',
        access: may('policy.roll-back'),
        summary:
          'Brings back what was in force then, as a new version; needs a reason, and a second factor just now.',
        params: VersionPath,
        body: RollBack,
        reply: InForce,
      },
      ({ params, body, caller }) =>
        activation.rollBack(params.revision, { by: proven(caller), reason: body.reason }),
    ),
  ]
}
