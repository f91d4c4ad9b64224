/** An administrator at a node of the policy service that is a process of its own, so that it can be killed in the middle of what they ask. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { systemClock } from '@althing/kernel/context'
import type { TestService } from './service.ts'

/** @param by an account; it has shown a second factor just now */
export async function askElsewhere(
  { url, seeds, issuer }: TestService,
  { by, path, body }: { readonly by: string; readonly path: string; readonly body: object },
) {
  const given = JSON.stringify({ like: { url, seeds, issuer }, env: {} })
  const child = fork(fileURLToPath(new URL('policy-node.ts', import.meta.url)), [given])
  const [started] = (await once(child, 'message')) as [{ origin: string }]
  const token = issuer.token(
    { subject: by, roles: ['administrator'] },
    { acr: 'urn:althing:acr:mfa', auth_time: Math.floor(systemClock.now().getTime() / 1000) },
  )
  const asked = fetch(`${started.origin}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).then(
    ({ status }) => status,
    () => 'lost',
  )
  return { child, asked }
}
