import { may, route, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import { Evaluation, EvaluationAnswer } from '../contract.ts'
import type { Access } from './rules.ts'

const Metadata = z.object({ policy_decision_point: z.url(), access_evaluation_endpoint: z.url() })

export function accessRoutes(access: Access, origin: string): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/access/v1/evaluation',
        access: may('access.evaluate'),
        summary: 'May this subject do this? (AuthZEN 1.0)',
        body: Evaluation,
        reply: EvaluationAnswer,
      },
      ({ body }) => access.decide(body),
    ),
    route(
      {
        method: 'GET',
        path: '/.well-known/authzen-configuration',
        access: 'public', // Discovery: whoever wants to ask must first learn where.
        reply: Metadata,
      },
      // The address comes from the settings, never from the Host header (openfga #3057).
      () => ({ policy_decision_point: origin, access_evaluation_endpoint: `${origin}/access/v1/evaluation` }),
    ),
  ]
}
