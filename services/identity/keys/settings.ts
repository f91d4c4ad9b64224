/** Settings of who wraps the signing keys. */
import { secret } from '@althing/kernel/config'
import { keyServicesOf } from '@althing/kernel/keys'
import { z } from 'zod'

export const keySettings = {
  keyServices: secret({
    env: 'ALTHING_IDENTITY_KEY_SERVICES',
    schema: z
      .string()
      .default('[]')
      .refine((text) => keyServicesOf(text) !== null),
    doc: 'Who wraps the keys under which signing keys lie, as JSON; the first wraps, the others only open: [{"kind": "file", "path": "/run/secrets/kek"}]. Kinds: file (32 bytes, base64url), aws-kms (region, key; accessKeyId and secretAccessKey, or credentialsUrl and credentialsTokenFile), gcp-kms (key; serviceAccount, or the machine’s own), vault (url, key; token or tokenFile; mount, namespace), and service, the service key itself, which is the default. To move: put the new one first, restart every node, run `althing keys rewrap`, take the old one away.',
  }),
}
