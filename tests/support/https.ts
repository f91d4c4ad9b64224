/** A server of an application that is reached by https: its certificate is made for the test and trusted by it alone. */
import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'

/** @returns where it is: `127.0.0.1:port`, as the setting for who may be called names it */
export async function httpsServer(listener: RequestListener): Promise<{ host: string; url: string }> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const cert = selfSigned(publicKey, privateKey)
  setDefaultCACertificates([...getCACertificates('default'), cert])
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' })
  const server = createServer({ key, cert }, listener)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  after(() => (server.closeAllConnections(), server.close()))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { host, url: `https://${host}` }
}

/** RFC 5280, section 4.1: for 127.0.0.1, from yesterday until tomorrow. */
function selfSigned(publicKey: KeyObject, privateKey: KeyObject): string {
  const algorithm = sequence(der(0x06, Buffer.from('2a8648ce3d040302', 'hex')))
  // A name of its own for each: of two with the same one the first would be looked up for both.
  const called = `Althing test ${randomUUID()}`
  const common = sequence(der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from(called)))
  const name = sequence(der(0x31, common))
  const time = (days: number) =>
    der(
      0x18,
      Buffer.from(
        `${new Date(Date.now() + days * 86_400_000).toISOString().replace(/\D/g, '').slice(0, 14)}Z`,
      ),
    )
  const extension = (id: string, value: Buffer) =>
    sequence(der(0x06, Buffer.from(id, 'hex')), der(0x04, value))
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    algorithm,
    name,
    sequence(time(-1), time(1)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      sequence(
        extension('551d11', sequence(der(0x87, Buffer.from([127, 0, 0, 1])))),
        extension('551d13', sequence(der(0x01, Buffer.from([0xff])))),
      ),
    ),
  )
  const whole = sequence(
    body,
    algorithm,
    der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)])),
  )
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, Buffer.concat(parts))

function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  const bytes = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...bytes]), content])
}
