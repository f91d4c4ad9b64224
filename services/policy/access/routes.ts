import { answer, may, route, type Caller, type Route } from '@althing/kernel/http'
import {
  ActionSearch,
  ActionsFound,
  EntitiesFound,
  Evaluation,
  EvaluationAnswer,
  Evaluations,
  EvaluationsAnswer,
  Metadata,
  ResourceSearch,
  SubjectSearch,
} from '../contract.ts'
import { authzen } from './dialect.ts'
import type { Access, Asking } from './rules.ts'
import type { Search } from './search.ts'

/** The certification wants the id of the request back in whatever answer. */
const echoes = ['x-request-id']

/** What all of them have in common. A megabyte is B4's bound. */
const door = {
  method: 'POST',
  bodyLimit: 2 ** 20,
  dialect: authzen,
  echoes,
  // Each decision has a line of its own in the decision log, and each page of a search one in the audit log.
  unlogged: true,
} as const

const paths = {
  evaluation: '/access/v1/evaluation',
  evaluations: '/access/v1/evaluations',
  subject: '/access/v1/search/subject',
  resource: '/access/v1/search/resource',
  action: '/access/v1/search/action',
} as const

interface From {
  readonly caller: Caller
  readonly headers: Readonly<Record<string, string | undefined>>
}
const asking = ({ caller, headers }: From): Asking => ({ caller, request: headers['x-request-id'] })

export function accessRoutes({ access, search, origin }: Needs): Route[] {
  return [...evaluationRoutes(access), ...searchRoutes(search), metadataRoute(origin)]
}

interface Needs {
  readonly access: Access
  readonly search: Search
  readonly origin: string
}

function evaluationRoutes(access: Access): Route[] {
  return [
    route(
      {
        ...door,
        path: paths.evaluation,
        access: may('access.evaluate'),
        summary: 'May this subject do this? (AuthZEN 1.0)',
        body: Evaluation,
        reply: EvaluationAnswer,
      },
      (input) => access.evaluate(input.body, asking(input)),
    ),
    route(
      {
        ...door,
        path: paths.evaluations,
        access: may('access.evaluate'),
        summary: 'Many of these questions at once (AuthZEN 1.0)',
        body: Evaluations,
        reply: EvaluationsAnswer,
      },
      (input) => access.evaluateAll(input.body, asking(input)),
    ),
  ]
}

function searchRoutes(search: Search): Route[] {
  return [
    route(
      {
        ...door,
        path: paths.subject,
        access: may('access.search'),
        summary: 'Who may do this to that? (AuthZEN 1.0)',
        body: SubjectSearch,
        reply: EntitiesFound,
      },
      (input) => search.subjects(input.body, asking(input)),
    ),
    route(
      {
        ...door,
        path: paths.resource,
        access: may('access.search'),
        summary: 'On what may this subject do this? (AuthZEN 1.0)',
        body: ResourceSearch,
        reply: EntitiesFound,
      },
      (input) => search.resources(input.body, asking(input)),
    ),
    route(
      {
        ...door,
        path: paths.action,
        access: may('access.search'),
        summary: 'What may this subject do to that? (AuthZEN 1.0)',
        body: ActionSearch,
        reply: ActionsFound,
      },
      (input) => search.actions(input.body, asking(input)),
    ),
  ]
}

function metadataRoute(origin: string): Route {
  const at = (path: string) => `${origin}${path}`
  return route(
    {
      method: 'GET',
      path: '/.well-known/authzen-configuration',
      access: 'public', // Discovery: whoever wants to ask must first learn where.
      summary: 'Where decisions are asked for (AuthZEN 1.0)',
      echoes,
      reply: Metadata,
    },
    // The addresses come from the settings, never from the Host header (openfga #3057).
    () =>
      answer(
        {
          policy_decision_point: origin,
          access_evaluation_endpoint: at(paths.evaluation),
          access_evaluations_endpoint: at(paths.evaluations),
          search_subject_endpoint: at(paths.subject),
          search_resource_endpoint: at(paths.resource),
          search_action_endpoint: at(paths.action),
        },
        { headers: { 'cache-control': 'public, max-age=3600' } },
      ),
  )
}
