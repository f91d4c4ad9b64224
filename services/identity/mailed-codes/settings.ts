import { integer, setting } from '@althing/kernel/config'
import { z } from 'zod'

const channel = (env: string, doc: string) =>
  setting({ env: `ALTHING_IDENTITY_${env}`, schema: z.enum(['on', 'off']), fallback: 'on', doc })

/** Beginnings of numbers in E.164, comma separated. */
const Prefixes = z
  .string()
  .regex(/^\+[1-9]\d{0,5}(\s*,\s*\+[1-9]\d{0,5})*$/)
  .transform((text) => text.split(',').map((one) => one.trim()))

/** Which codes are sent at all, where to, and how many. */
export const mailedCodeSettings = {
  codesByMail: channel(
    'CODES_BY_MAIL',
    'Whether codes by mail may be a second step. NIST SP 800-63B-4, section 3.1.3.1, does not take e-mail for out-of-band authentication: such a code is no authenticator in the sense of that rule, and its session does not get the level `mfa`. Under the preset `nist-aal3` neither kind of code is offered, whatever stands here.',
  ),
  codesBySms: channel(
    'CODES_BY_SMS',
    'Whether codes by text message may be a second step; a restricted authenticator in NIST SP 800-63B-4, and its session does not get the level `mfa`. Under the preset `nist-aal3` never.',
  ),
  smsPrefixes: setting({
    env: 'ALTHING_IDENTITY_SMS_PREFIXES',
    schema: Prefixes,
    fallback: '+354',
    doc: 'Beginnings of the numbers to which text messages go, comma separated (+354,+45); others can neither be proven nor sent to. Each one more is a bill that others can run up.',
  }),
  smsPerHour: setting({
    env: 'ALTHING_IDENTITY_SMS_PER_HOUR',
    schema: integer.min(1),
    fallback: '500',
    doc: 'Text messages of the whole house in an hour, which bounds the bill; then none is sent until the hour is over. With a second provider one may be paid twice, when the first took it without saying so.',
  }),
  codesPerNetwork: setting({
    env: 'ALTHING_IDENTITY_CODES_PER_NETWORK',
    schema: integer.min(1),
    fallback: '300',
    doc: 'Codes by mail and text message in an hour for one network; a hall of people is one network.',
  }),
}
