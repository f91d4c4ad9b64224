import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApi } from '@althing/kernel/http'
import { Validator } from '@seriousme/openapi-schema-validator'
import { elections } from '../../services/elections/service.ts'
import { events } from '../../services/events/service.ts'
import { identity } from '../../services/identity/service.ts'
import { members } from '../../services/members/service.ts'
import { policy } from '../../services/policy/service.ts'
import { portal } from '../../services/portal/service.ts'
import { testService } from '../support/service.ts'

/** What the services say of their doors, judged by the meta-schema of OpenAPI 3.1 as others read it. */
const secret = 'a-secret-that-only-this-test-knows-1234567890'
const secrets = { ALTHING_IDENTITY_PORTAL_CLIENT_SECRET: secret, ALTHING_PORTAL_CLIENT_SECRET: secret }
const about = { title: 'Althing', version: '0.1.0', server: 'http://localhost:8080' }

for (const service of [identity, members, policy, events, elections, portal])
  test(`the description of ${service.name} is OpenAPI 3.1, and names each operation once`, async () => {
    const { assembled } = await testService(service, { env: secrets })
    for (const routes of [assembled.routes, assembled.quiet?.routes ?? []]) {
      const description = JSON.parse(JSON.stringify(openApi(routes, about))) as Record<string, object>
      const validator = new Validator()
      const { valid, errors } = await validator.validate(description)
      assert.ok(valid, JSON.stringify(errors, null, 1))
      assert.equal(validator.version, '3.1')
      const names = routes.map(({ method, path }) => `${method} ${path}`)
      assert.deepEqual(names, [...new Set(names)])
    }
  })

test('the validator is not blind: a description without its version or with a broken operation is refused', async () => {
  const { assembled } = await testService(policy)
  const description = JSON.parse(JSON.stringify(openApi(assembled.routes, about))) as {
    paths: Record<string, Record<string, { responses: unknown }>>
  }
  const [path = ''] = Object.keys(description.paths)
  for (const [method, operation] of Object.entries(description.paths[path] ?? {}))
    description.paths[path] = { [method]: { ...operation, responses: 'none' } }
  assert.equal((await new Validator().validate(description)).valid, false)
})
