import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { cacheSettings, serviceSettings, type Service } from '@althing/kernel/service'
import {
  choosePorts,
  readSecrets,
  serviceNames,
  worlds,
  writeEnvironments,
  type ServiceName,
} from '../../run/settings.ts'

async function definitionOf(name: ServiceName): Promise<Service> {
  const module = (await import(`../../services/${name}/service.ts`)) as Record<string, Service>
  const service = module[name]
  assert.ok(service, `services/${name}/service.ts exports ${name}`)
  return service
}

function secretNames(service: Service): string[] {
  const all = {
    ...serviceSettings(service.name),
    ...(service.world === 'person' ? cacheSettings : {}),
    ...service.config,
  }
  return Object.values(all)
    .filter((setting) => setting.secret || setting.env === 'ALTHING_CACHE_URL')
    .map(({ env }) => env)
}

test('no two worlds name the same secret', async () => {
  const [persons, ballots] = await Promise.all(
    (['person', 'ballot'] as const).map(async (world) => {
      const services = await Promise.all(worlds[world].map(definitionOf))
      for (const service of services)
        assert.equal(service.world, world, `${service.name} says which world it is in`)
      return new Set(services.flatMap(secretNames))
    }),
  )
  assert.ok(persons !== undefined && ballots !== undefined && persons.size > 4 && ballots.size >= 2)
  assert.deepEqual(
    [...ballots].filter((name) => persons.has(name)),
    [],
  )
})

test('on one machine each service is handed its own secrets and no value of another world', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'althing-settings-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const secrets = readSecrets(folder)
  const environments = writeEnvironments({
    folder,
    addresses: {
      url: 'http://localhost:8080',
      ballotUrl: 'http://localhost:8081',
      managementUrl: 'http://127.0.0.1:8090',
      eidUrl: 'http://localhost:8082',
    },
    ports: await choosePorts(8080),
    secrets,
    databaseUrl: (service) => `postgres://${service}:password-of-${service}@localhost/${service}`,
    demo: true,
    // What an operator sets for one service, or for persons only, does not leak into the other world.
    given: {
      ALTHING_IDENTITY_EID_CLIENT_SECRET: 'eid-secret-of-an-operator',
      ALTHING_CACHE_URL: 'redis://:cache-secret@cache',
      ALTHING_DATABASE_URL: 'postgres://admin:admin-secret@host/postgres',
      HOME: '/somewhere',
    },
  })
  for (const name of serviceNames) {
    const text = JSON.stringify(environments[name])
    assert.ok(text.includes(secrets.serviceKeys[name] ?? '?'), `${name} has its own key`)
    for (const other of serviceNames.filter((one) => one !== name)) {
      assert.ok(
        !text.includes(secrets.serviceKeys[other] ?? '?'),
        `${name} is not handed the key of ${other}`,
      )
      assert.ok(!text.includes(`password-of-${other}`), `${name} is not handed the database of ${other}`)
    }
    assert.ok(!text.includes('admin-secret'), `${name} is not handed the administrator of the database`)
    assert.ok(!text.includes('HOME'), `${name} is handed nothing else of the process`)
  }
  const ballot = JSON.stringify(environments.elections)
  assert.ok(
    !ballot.includes('eid-secret') &&
      !ballot.includes('cache-secret') &&
      !ballot.includes(secrets.portalClientSecret),
  )
})
