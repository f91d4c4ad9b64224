import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { shopCertificate as pem } from '../../../tests/support/certificates.ts'
import { certificateIn, isNamed } from './certificates.ts'
import { isRange, trusted } from './proxies.ts'

const shop = new X509Certificate(pem)

test('a certificate is read as RFC 9440 writes it and as proxies do', () => {
  const forms = [`:${shop.raw.toString('base64')}:`, encodeURIComponent(pem), pem]
  for (const form of forms) assert.equal(certificateIn(form)?.fingerprint256, shop.fingerprint256)
  for (const form of [
    '',
    ':AAAA:',
    '%',
    '-----BEGIN CERTIFICATE-----',
    `x${pem}`,
    shop.raw.toString('base64'),
  ])
    assert.equal(certificateIn(form), undefined, form)
})

test('a name is the whole name', () => {
  const cases: [string, string, boolean][] = [
    ['tls_client_auth_subject_dn', 'CN=shop.example,O=Shop ehf,C=IS', true],
    ['tls_client_auth_subject_dn', 'CN=shop.example, O=Shop ehf, C=IS', true],
    ['tls_client_auth_subject_dn', 'C=IS,O=Shop ehf,CN=shop.example', false],
    ['tls_client_auth_subject_dn', 'CN=shop.example', false],
    ['tls_client_auth_subject_dn', '', false],
    ['tls_client_auth_san_dns', 'shop.example', true],
    ['tls_client_auth_san_dns', 'example', false],
    ['tls_client_auth_san_dns', 'shop.example, URI:https://shop.example/id', false],
    ['tls_client_auth_san_uri', 'https://shop.example/id', true],
    ['tls_client_auth_san_uri', 'https://shop.example/', false],
    ['tls_client_auth_san_ip', '192.0.2.7', true],
    ['tls_client_auth_san_ip', '192.0.2.70', false],
    ['tls_client_auth_san_email', 'ops@shop.example', true],
    ['tls_client_auth_san_email', 'shop.example', false],
    ['tls_client_auth_san_other', 'shop.example', false],
  ]
  for (const [kind, name, expected] of cases)
    assert.equal(isNamed(shop, kind, name), expected, `${kind} ${name}`)
})

test('who may speak for others is a list of addresses and ranges, and nobody when it is empty', () => {
  const is = trusted(['192.0.2.1', '10.0.0.0/8', '2001:db8::/32'])
  for (const address of ['192.0.2.1', '::ffff:192.0.2.1', '10.9.8.7', '2001:db8::9'])
    assert.ok(is(address), address)
  for (const address of ['192.0.2.2', '11.0.0.1', '2001:db9::1', 'localhost', '', undefined])
    assert.equal(is(address), false, address)
  assert.equal(trusted([])('127.0.0.1'), false)
  for (const range of ['10.0.0.0/33', 'proxy', '', '10.0.0.0/8/8', '::/129'])
    assert.equal(isRange(range), false)
})
