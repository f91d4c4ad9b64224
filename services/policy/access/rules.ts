/**
 * The decision for others (AuthZEN 1.0): may this subject do this to that? Roles come from what identity told us and never
 * from the asker; properties in the question are attributes. What cannot be decided is denied.
 */
import type { Decision, Question } from '@althing/kernel/authz'
import type { z } from 'zod'
import type { Evaluation, EvaluationAnswer } from '../contract.ts'

type Asked = z.output<typeof Evaluation>
type Answered = z.output<typeof EvaluationAnswer>

interface Needs {
  readonly rolesOf: (subject: string) => Promise<readonly string[] | null>
  readonly evaluate: (question: Question) => Decision
}

export function createAccess({ rolesOf, evaluate }: Needs) {
  async function decide({ subject, action, resource, context }: Asked): Promise<Answered> {
    const roles = subject.type === 'Person' ? ((await rolesOf(subject.id)) ?? []) : []
    const { decision, determining, errors } = evaluate({
      principal: {
        uid: { type: subject.type, id: subject.id },
        parents: roles.map((id) => ({ type: 'Role', id })),
        attrs: { ...subject.properties },
      },
      action: action.name,
      resource: {
        uid: { type: resource.type, id: resource.id },
        parents: [],
        attrs: { ...resource.properties },
      },
      context: { ...context },
    })
    return { decision, context: { policies: determining, ...(errors.length > 0 ? { errors } : {}) } }
  }
  return { decide }
}
export type Access = ReturnType<typeof createAccess>
