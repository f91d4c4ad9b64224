import { turnstileSettings, whenAwaySetting } from '@althing/kernel/attestation'
import { integer, optional, secret, setting } from '@althing/kernel/config'
import { twilioOf } from '@althing/kernel/sms'
import { z } from 'zod'
import { clientSettings } from './clients/settings.ts'
import { keySettings } from './keys/settings.ts'
import { alertSettings } from './alerts/settings.ts'
import { noticeSettings } from './notices/settings.ts'
import { deliverySettings } from './deliveries/settings.ts'
import { consentSettings } from './consents/settings.ts'
import { connectorsOf } from './federation/settings.ts'
import { mailedCodeSettings } from './mailed-codes/settings.ts'
import { outsideTokenSettings } from './outside-tokens/settings.ts'
import { presets } from './passwords/schema.ts'
import { protocolSettings } from './oidc/settings.ts'
import { riskSettings } from './risk/settings.ts'
import { signalSettings } from './signals/settings.ts'

const loopback = ['localhost', '127.0.0.1', '[::1]']

/** An issuer is https; only on this very machine may it be http, for demonstrations and tests. */
const issuer = optional.refine(
  (value) =>
    value === undefined ||
    (URL.canParse(value) && (value.startsWith('https://') || loopback.includes(new URL(value).hostname))),
)
/** Found at the start: a code that was asked for would find it out too late. */
const isSmsUrl = (text: string) => text === '' || /^https?:/.test(text) || twilioOf(text) !== null
const minutes = (env: string, fallback: string, doc: string) =>
  setting({ env: `ALTHING_IDENTITY_${env}`, schema: integer.min(1), fallback, doc })

/** Settings of identity beside those that every service has. */
export const Config = {
  ...riskSettings,
  ...alertSettings,
  ...keySettings,
  ...signalSettings,
  ...clientSettings,
  ...mailedCodeSettings,
  ...outsideTokenSettings,
  ...deliverySettings,
  ...noticeSettings,
  portalClientSecret: secret({
    env: 'ALTHING_IDENTITY_PORTAL_CLIENT_SECRET',
    schema: z.string().min(32),
    doc: 'The secret that the portal shows at the token endpoint; the same as ALTHING_PORTAL_CLIENT_SECRET.',
  }),
  eidIssuer: setting({
    env: 'ALTHING_IDENTITY_EID_ISSUER',
    schema: issuer,
    doc: 'OpenID issuer of the electronic ID; without it there is no such button.',
  }),
  eidClientId: setting({
    env: 'ALTHING_IDENTITY_EID_CLIENT_ID',
    schema: optional,
    doc: 'Our client id at the electronic ID.',
  }),
  eidClientSecret: secret({
    env: 'ALTHING_IDENTITY_EID_CLIENT_SECRET',
    schema: z.string().default(''),
    doc: 'Our secret at the electronic ID.',
  }),
  eidScope: setting({
    env: 'ALTHING_IDENTITY_EID_SCOPE',
    schema: z.string().regex(/^openid( [a-z_]+)*$/),
    fallback: 'openid profile',
    doc: 'What is asked of the electronic ID.',
  }),
  connectors: secret({
    env: 'ALTHING_IDENTITY_CONNECTORS',
    schema: z
      .string()
      .default('[]')
      .refine((text) => connectorsOf(text) !== null),
    doc: 'Other providers by which members sign in, as JSON: [{"id": "google", "kind": "google", "name": "Google", "clientId": "…", "clientSecret": "…"}]. Kinds: google (with an issuer on this machine, for test systems, it is a stand-in; refused where ALTHING_URL is public), microsoft (with its tenant’s issuer), github, and oidc for any OpenID issuer (with its issuer).',
  }),
  exportDays: setting({
    env: 'ALTHING_IDENTITY_EXPORT_DAYS',
    schema: integer.min(1).max(30),
    fallback: '7',
    doc: 'How long an archive of one’s own data can be fetched.',
  }),
  erasureDays: setting({
    env: 'ALTHING_IDENTITY_ERASURE_DAYS',
    schema: integer.min(1).max(90),
    fallback: '30',
    doc: 'How long an erasure can be called off.',
  }),
  mailUrl: secret({
    env: 'ALTHING_IDENTITY_MAIL_URL',
    schema: z.string().default(''),
    doc: 'Where mail goes: smtp(s)://user:password@host, sendgrid:KEY, or http(s)://… of a mailbox for demonstrations. Without it mail waits in the queue. The key may send; where it may also change suppressions, a mailbox that the office lets go again is taken off SendGrid’s own lists too.',
  }),
  mailFallbackUrl: secret({
    env: 'ALTHING_IDENTITY_MAIL_FALLBACK_URL',
    schema: z.string().default(''),
    doc: 'Another way for mail, as above, when the first one is away.',
  }),
  mailFrom: setting({
    env: 'ALTHING_IDENTITY_MAIL_FROM',
    schema: z.email(),
    fallback: 'althing@localhost.localdomain',
    doc: 'The sender of mail.',
  }),
  smsUrl: secret({
    env: 'ALTHING_IDENTITY_SMS_URL',
    schema: z.string().default('').refine(isSmsUrl),
    doc: 'Where text messages go: twilio://SID:TOKEN@api.twilio.com?from=%2B354… (a number, a name, or a messaging service MG…; instead of the token a key as SK…%3Asecret), or http(s)://… of a mailbox for demonstrations. Without it no codes by text message are offered.',
  }),
  smsFallbackUrl: secret({
    env: 'ALTHING_IDENTITY_SMS_FALLBACK_URL',
    schema: z.string().default('').refine(isSmsUrl),
    doc: 'Another way for text messages, as above, when the first one is away.',
  }),
  passwordMemoryKib: setting({
    env: 'ALTHING_IDENTITY_PASSWORD_MEMORY_KIB',
    schema: integer.min(8),
    fallback: '19456',
    doc: 'Memory of one password hash (Argon2id).',
  }),
  passwordPasses: setting({
    env: 'ALTHING_IDENTITY_PASSWORD_PASSES',
    schema: integer.min(1),
    fallback: '2',
    doc: 'Passes of one password hash (Argon2id).',
  }),
  passwordQueue: setting({
    env: 'ALTHING_IDENTITY_PASSWORD_QUEUE',
    schema: integer.min(0),
    fallback: '128',
    doc: 'Password checks that may wait; who comes after is asked to come back.',
  }),
  passwordMinimum: setting({
    env: 'ALTHING_IDENTITY_PASSWORD_MINIMUM',
    schema: integer.min(8).max(64),
    fallback: '12',
    doc: 'Characters that a new password needs.',
  }),
  preset: setting({
    env: 'ALTHING_IDENTITY_PRESET',
    schema: z.enum(presets),
    fallback: 'nist-aal2',
    doc: 'Which rule book passwords and sessions follow. `suma` and `pci-4.0.1` ask for four kinds of characters, refuse the last five passwords and end an unused session after 15 minutes; `nist-aal2` keeps codes by mail and text message, but a mailed code is no authenticator in its sense (NIST SP 800-63B-4, section 3.1.3.1) and such sessions do not get the level `mfa`; `nist-aal3` asks for 15 characters and offers neither; `meeting` has limits for a hall of people behind one address.',
  }),
  breachUrl: setting({
    env: 'ALTHING_IDENTITY_BREACH_URL',
    schema: z.union([z.literal(''), z.url()]),
    fallback: 'https://api.pwnedpasswords.com/range/',
    doc: 'Where breached passwords are looked up, by the first five characters of their SHA-1; empty for not at all. Whoever does not answer keeps nobody from choosing a password.',
  }),
  signInPerAccount: setting({
    env: 'ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT',
    schema: integer.min(1),
    fallback: '10',
    doc: 'Sign-ins per minute for one address from one network, or from one device that is known to it.',
  }),
  signInPerAccountEverywhere: setting({
    env: 'ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT_EVERYWHERE',
    schema: integer.min(1),
    fallback: '60',
    doc: 'Sign-ins per minute for one address from all networks together; known devices are not among them.',
  }),
  signInPerNetwork: setting({
    env: 'ALTHING_IDENTITY_SIGN_IN_PER_NETWORK',
    schema: integer.min(1),
    fallback: '600',
    doc: 'Sign-ins per minute from one network; a hall of people is one network.',
  }),
  beginningsPerNetwork: setting({
    env: 'ALTHING_IDENTITY_BEGINNINGS_PER_NETWORK',
    schema: integer.min(1),
    fallback: '1200',
    doc: 'Sign-ins, authorization requests and devices per minute that one network may begin before anybody has shown anything.',
  }),
  eidPerBrowser: setting({
    env: 'ALTHING_IDENTITY_EID_PER_BROWSER',
    schema: integer.min(1),
    fallback: '10',
    doc: 'Returns from the electronic ID per browser in ten minutes.',
  }),
  eidPerNetwork: setting({
    env: 'ALTHING_IDENTITY_EID_PER_NETWORK',
    schema: integer.min(1),
    fallback: '600',
    doc: 'Returns from the electronic ID per network in ten minutes.',
  }),
  lockAfter: setting({
    env: 'ALTHING_IDENTITY_LOCK_AFTER',
    schema: integer.min(1),
    fallback: '5',
    doc: 'Wrong passwords or codes from one network, or one known device, until that pair has to wait.',
  }),
  shutAfter: setting({
    env: 'ALTHING_IDENTITY_SHUT_AFTER',
    schema: integer.min(1),
    fallback: '100',
    doc: 'Wrong tries in a row from unknown places until a factor opens nothing from there.',
  }),
  lockMinutes: minutes('LOCK_MINUTES', '15', 'How long they are counted, and how long the wait is.'),
  sessionIdleMinutes: minutes('SESSION_IDLE_MINUTES', '30', 'A session unused for so long ends.'),
  administratorIdleMinutes: minutes(
    'ADMINISTRATOR_IDLE_MINUTES',
    '15',
    'The same for administrators and superadministrators.',
  ),
  sessionMinutes: minutes('SESSION_MINUTES', '480', 'A session ends after so long, used or not.'),
  rememberDays: setting({
    env: 'ALTHING_IDENTITY_REMEMBER_DAYS',
    schema: integer.min(1),
    fallback: '30',
    doc: 'How long a session lasts on a device that its owner asked to remember.',
  }),
  freshMinutes: minutes('FRESH_MINUTES', '15', 'How long a proof of who one is is enough for what matters.'),
  loginEventDays: setting({
    env: 'ALTHING_IDENTITY_LOGIN_EVENT_DAYS',
    schema: integer.min(1),
    fallback: '90',
    doc: 'How long it is kept who signed in or tried to.',
  }),
  sessionsPerAccount: setting({
    env: 'ALTHING_IDENTITY_SESSIONS',
    schema: integer.min(1),
    fallback: '5',
    doc: 'Sessions of one person; one more ends the oldest.',
  }),
  registration: setting({
    env: 'ALTHING_IDENTITY_REGISTRATION',
    schema: z.enum(['open', 'approval', 'closed']),
    fallback: 'approval',
    doc: 'Who may have an account: whoever proves an address (`open`), whoever an administrator lets in after that (`approval`), or only who is given one (`closed`).',
  }),
  registrationsPerAddress: setting({
    env: 'ALTHING_IDENTITY_REGISTRATIONS_PER_ADDRESS',
    schema: integer.min(1),
    fallback: '3',
    doc: 'Applications with one address in a day; asking more often is answered alike and sends nothing.',
  }),
  registrationsPerNetwork: setting({
    env: 'ALTHING_IDENTITY_REGISTRATIONS_PER_NETWORK',
    schema: integer.min(1),
    fallback: '200',
    doc: 'Applications from one network in an hour.',
  }),
  ...consentSettings,
  paperCodeDays: setting({
    env: 'ALTHING_IDENTITY_PAPER_CODE_DAYS',
    schema: integer.min(1),
    fallback: '7',
    doc: 'How long a code works that was handed over on paper.',
  }),
  activationHours: setting({
    env: 'ALTHING_IDENTITY_ACTIVATION_HOURS',
    schema: integer.min(1),
    fallback: '24',
    doc: 'How long an activation link works.',
  }),
  recoveryMinutes: minutes('RECOVERY_MINUTES', '30', 'How long the link for a forgotten password works.'),
  magicLinkMinutes: minutes('MAGIC_LINK_MINUTES', '15', 'How long a link works that signs somebody in.'),
  magicLinksPerAddress: setting({
    env: 'ALTHING_IDENTITY_MAGIC_LINKS_PER_ADDRESS',
    schema: integer.min(1),
    fallback: '5',
    doc: 'Links that sign in, to one address in an hour; asking more often is answered alike and sends nothing.',
  }),
  recoveriesPerAddress: setting({
    env: 'ALTHING_IDENTITY_RECOVERIES_PER_ADDRESS',
    schema: integer.min(1),
    fallback: '3',
    doc: 'Links for a forgotten password to one address in an hour; asking more often is answered alike and sends nothing.',
  }),
  recoveriesPerNetwork: setting({
    env: 'ALTHING_IDENTITY_RECOVERIES_PER_NETWORK',
    schema: integer.min(1),
    fallback: '600',
    doc: 'Requests for such links from one network in an hour.',
  }),
  attestation: setting({
    env: 'ALTHING_IDENTITY_ATTESTATION',
    schema: z.enum(['none', 'turnstile']),
    fallback: 'none',
    doc: 'What public forms (an account, a forgotten password, the first step of signing in) demand before anything else is done: `none`, or a response of Cloudflare Turnstile. Its script runs in the pages of the person origin; read decisions/0016-attestation.md before you switch it on.',
  }),
  attestationWhenAway: whenAwaySetting('identity', 'let-in'),
  ...turnstileSettings('identity'),
  ...protocolSettings,
  feedWaitMs: setting({
    env: 'ALTHING_IDENTITY_FEED_WAIT_MS',
    schema: integer.min(0).max(25_000),
    fallback: '20000',
    doc: 'How long a service that asks for news of revocations is kept waiting.',
  }),
} as const
