/** The transit engine of HashiCorp Vault (and OpenBao): https://developer.hashicorp.com/vault/api-docs/secret/transit */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { fromBase64, fromUtf8, toBase64, utf8 } from '../crypto/index.ts'
import { askKeyService, isPassing, type RemoteOptions } from './ask.ts'
import { keyFault, type KeyService } from './port.ts'

/** A token in the settings, or in a file in which an agent of Vault renews it. */
export const Vault = z.strictObject({
  kind: z.literal('vault'),
  url: z.url(),
  mount: z
    .string()
    .regex(/^[\w/-]{1,100}$/)
    .default('transit'),
  key: z.string().regex(/^[\w.-]{1,100}$/),
  namespace: z.string().min(1).optional(),
  token: z.string().min(1).optional(),
  tokenFile: z.string().min(1).optional(),
})
export type Vault = z.output<typeof Vault>

const Encrypted = z.object({ data: z.object({ ciphertext: z.string().regex(/^vault:v\d+:/) }) })
const Decrypted = z.object({ data: z.object({ plaintext: z.base64() }) })

export function createVault(given: Vault, options: RemoteOptions): KeyService {
  const { url, mount, key, namespace } = given

  function call<T>(verb: 'encrypt' | 'decrypt', asked: object, read: (text: string) => T): Promise<T> {
    const prepare = async () => ({
      url: new URL(`/v1/${mount}/${verb}/${key}`, url).href,
      init: {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-vault-token': tokenOf(given),
          'x-vault-request': 'true',
          ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
        },
        body: JSON.stringify(asked),
      },
    })
    return askKeyService(prepare, options, ({ status, text }) => {
      if (status === 200) return read(text)
      const cause = new Error(`Vault answered ${status}.`)
      if (status === 400 && verb === 'decrypt') throw keyFault.altered(cause)
      // 412 and 472–473 are of replicas that have not heard yet; 503 is one that is sealed.
      throw isPassing(status) || status === 412 || status === 472 || status === 473
        ? keyFault.unreachable(cause)
        : keyFault.refused(cause)
    })
  }

  return {
    name: `vault:${mount}/${key}`,
    wrap: (dataKey, place) =>
      call('encrypt', { plaintext: toBase64(dataKey), associated_data: toBase64(utf8(place)) }, (text) =>
        utf8(Encrypted.parse(JSON.parse(text)).data.ciphertext),
      ),
    unwrap: (wrapped, place) =>
      call('decrypt', { ciphertext: fromUtf8(wrapped), associated_data: toBase64(utf8(place)) }, (text) =>
        fromBase64(Decrypted.parse(JSON.parse(text)).data.plaintext),
      ),
  }
}

function tokenOf({ token, tokenFile }: Vault): string {
  if (token !== undefined) return token
  if (tokenFile === undefined) throw keyFault.refused(new Error('There is no token for Vault.'))
  return readFileSync(tokenFile, 'utf8').trim()
}
