/** Somebody who looks after the decision point, by https and with a token of theirs. */
import type { DecisionPoint } from './decision-point.ts'

export interface Said {
  readonly status: number
  readonly text: string
  readonly body: Record<string, unknown>
}

let people = 0

/** @returns what asks in the name of somebody new with this role, or with none */
export function somebody(point: DecisionPoint, role?: string) {
  people += 1
  const subject = `acc_00000000-0000-7000-8000-${String(people).padStart(12, '0')}`
  const token = point.issuer.token(
    { subject, roles: role === undefined ? [] : ['member', role] },
    { iss: point.origin, aud: `${point.origin}/api`, acr: 'urn:althing:acr:mfa' },
  )
  return async (method: string, path: string, body?: unknown): Promise<Said> => {
    const answer = await fetch(new URL(path, point.origin), {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    const isJson =
      /\+?json\b/.test(answer.headers.get('content-type') ?? '') &&
      !/ndjson/.test(answer.headers.get('content-type') ?? '')
    return { status: answer.status, text, body: isJson ? (JSON.parse(text) as Said['body']) : {} }
  }
}
