import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { toBase64url } from '../crypto/index.ts'
import { createBreakers } from '../resilience/index.ts'
import {
  awsKmsStandIn,
  awsStandInKeys,
  createTestChance,
  createTestClock,
  gcpKmsStandIn,
  vaultStandIn,
  vaultStandInToken,
} from '../testing/index.ts'
import { AwsKms, createAwsKms } from './aws-kms.ts'
import { keyServiceConformance } from './conformance.ts'
import { crc32c } from './crc32c.ts'
import { createGcpKms, GcpKms } from './gcp-kms.ts'
import { createLocalKeys } from './local.ts'
import { createKeyServices, keyServicesOf } from './settings.ts'
import { signedHeaders } from './sigv4.ts'
import { createVault, Vault } from './vault.ts'

const chance = createTestChance()
const [awsKey, gcpKey] = [
  'arn:aws:kms:eu-north-1:111122223333:key/1',
  'projects/p/locations/l/keyRings/r/cryptoKeys/k',
]

keyServiceConformance('local', async () => ({
  service: createLocalKeys('service', chance.bytes(32), chance),
  stranger: createLocalKeys('service', chance.bytes(32), chance),
  provider: null,
}))

keyServiceConformance('aws-kms', async (common) => {
  const provider = await awsKmsStandIn(awsKey)
  const given = {
    kind: 'aws-kms',
    region: 'eu-north-1',
    key: awsKey,
    url: `${provider.url}/`,
    ...awsStandInKeys,
  }
  const service = (more: object) => createAwsKms(AwsKms.parse({ ...given, ...more }), common)
  return { provider, service: service({}), stranger: service({ secretAccessKey: 'another' }) }
})

keyServiceConformance('gcp-kms', async (common) => {
  const provider = await gcpKmsStandIn(gcpKey)
  const { serviceAccount } = provider
  const given = { kind: 'gcp-kms', key: gcpKey, url: provider.url, serviceAccount }
  const service = (more: object) => createGcpKms(GcpKms.parse({ ...given, ...more }), common)
  const stranger = service({ serviceAccount: { ...serviceAccount, client_email: 'another@test' } })
  return { provider, service: service({}), stranger }
})

keyServiceConformance('vault', async (common) => {
  const provider = await vaultStandIn('althing')
  const given = { kind: 'vault', url: provider.url, key: 'althing', token: vaultStandInToken }
  const service = (more: object) => createVault(Vault.parse({ ...given, ...more }), common)
  return { provider, service: service({}), stranger: service({ token: 'another' }) }
})

test('AWS signatures are those of the published example', () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
  const url = 'https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08'
  const credentials = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  }
  const scope = { region: 'us-east-1', service: 'iam', now: new Date('2015-08-30T12:36:00Z') }
  const { authorization } = signedHeaders({ method: 'GET', url, headers, body: '' }, scope, credentials)
  assert.match(
    authorization ?? '',
    /Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7$/,
  )
})

test('CRC-32C is that of the check value', () => {
  assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283)
})

test('credentials for AWS come from the container’s endpoint where there are none in the settings', async () => {
  const provider = await awsKmsStandIn(awsKey)
  const given = { kind: 'aws-kms', region: 'eu-north-1', key: awsKey, url: `${provider.url}/` }
  const common = { breaker: createBreakers(createTestClock()).breaker('x'), clock: { now: () => new Date() } }
  const tokenFile = fileWith('a token of the pod\n')
  const asked: (string | undefined)[] = []
  const endpoint = createServer((request, response) => {
    asked.push(request.headers.authorization)
    const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = awsStandInKeys
    response.end(JSON.stringify({ AccessKeyId, SecretAccessKey, Token: 'a session' }))
  })
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve))
  after(() => (endpoint.closeAllConnections(), endpoint.close()))
  const credentialsUrl = `http://127.0.0.1:${(endpoint.address() as { port: number }).port}/creds`
  const lent = { ...given, credentialsUrl, credentialsTokenFile: tokenFile }
  const service = createAwsKms(AwsKms.parse(lent), common)
  assert.equal((await service.unwrap(await service.wrap(chance.bytes(32), 'a'), 'a')).length, 32)
  assert.deepEqual(asked, ['a token of the pod', 'a token of the pod'])
  const without = createAwsKms(AwsKms.parse(given), common)
  await assert.rejects(without.wrap(chance.bytes(32), 'a'), { code: 'kernel.keys.refused' })
})

test('on a machine of Google its own account speaks', async () => {
  const { url } = await gcpKmsStandIn(gcpKey)
  const common = { breaker: createBreakers(createTestClock()).breaker('x'), clock: { now: () => new Date() } }
  const service = createGcpKms(GcpKms.parse({ kind: 'gcp-kms', key: gcpKey, url, metadataUrl: url }), common)
  assert.equal((await service.unwrap(await service.wrap(chance.bytes(32), 'a'), 'a')).length, 32)
})

test('the first service of the setting wraps, all open, and the service key is always among them', async () => {
  const path = fileWith(`${toBase64url(chance.bytes(32))}\n`)
  const services = createKeyServices(JSON.stringify([{ kind: 'file', path }]), needs())
  assert.match(services[0].name, /^file:[0-9a-f]{16}$/)
  assert.deepEqual(
    services.slice(1).map(({ name }) => name),
    ['service'],
  )
  assert.deepEqual(
    createKeyServices('[]', needs()).map(({ name }) => name),
    ['service'],
  )
  const both = JSON.stringify([{ kind: 'service' }, { kind: 'file', path }])
  assert.deepEqual(
    createKeyServices(both, needs()).map(({ name }) => name.split(':')[0]),
    ['service', 'file'],
  )
})

test('a setting that names no key service, or a file that holds no key, is refused', () => {
  for (const text of [
    '',
    '{}',
    'null',
    '[{}]',
    '[{"kind":"file"}]',
    '[{"kind":"vault","url":"x","key":"k"}]',
    '[{"kind":"gcp-kms","key":"k"}]',
  ])
    assert.equal(keyServicesOf(text), null, text)
  for (const content of ['', 'short', toBase64url(chance.bytes(31)), 'é'.repeat(43)])
    assert.throws(() =>
      createKeyServices(JSON.stringify([{ kind: 'file', path: fileWith(content) }]), needs()),
    )
})

function fileWith(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'althing-key-')), 'key')
  writeFileSync(path, content, { mode: 0o600 })
  return path
}

function needs() {
  const clock = createTestClock()
  return { serviceKey: chance.bytes(32), clock, chance, breakers: createBreakers(clock) }
}
