/** The texts that people agree to: where they lie, and which version of them is in force. */
import { optional, setting } from '@althing/kernel/config'
import { z } from 'zod'
import { textsFolderSetting } from './texts.ts'

/** `{` and `}` stand for what is filled in. */
const textUrl = optional.pipe(
  z
    .string()
    .refine((url) => /^https?:\/\//.test(url) && URL.canParse(url))
    .optional(),
)
export const consentSettings = {
  termsUrl: setting({
    env: 'ALTHING_IDENTITY_TERMS_URL',
    schema: textUrl,
    doc: 'Where the terms can be read that people agree to, where they do not lie in the folder; {version} and {lang} in it are filled in. Without it, and without a file in the folder, nobody is asked to agree to terms.',
  }),
  privacyUrl: setting({
    env: 'ALTHING_IDENTITY_PRIVACY_URL',
    schema: textUrl,
    doc: 'Where it can be read how personal data is handled, likewise.',
  }),
  consentVersion: setting({
    env: 'ALTHING_IDENTITY_CONSENT_VERSION',
    schema: z.string().regex(/^[\w.-]{1,40}$/),
    fallback: '1',
    doc: 'The version of those texts, kept with every consent. With another one everybody is asked again when they next sign in.',
  }),
  textsFolder: setting({
    env: textsFolderSetting,
    schema: optional,
    doc: 'A folder with those texts, shown by this service at an address for each version: terms-1.is.txt, terms-1.en.txt, privacy-1.is.txt, privacy-1.en.txt. Those of earlier versions stay there. Read at the start.',
  }),
} as const
