import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pathToFileURL } from 'node:url'
import { wordsFor } from '../../services/policy/action-words.ts'
import { accountPage } from '@althing/web-account/account.ts'
import { addPasskeyPage } from '@althing/web-account/add-passkey.ts'
import { changePasswordPage } from '@althing/web-account/change-password.ts'
import { requestPage, requestsPage } from '@althing/web-account/requests.ts'
import { connectedPage } from '@althing/web-account/connected.ts'
import { confirmSecondPage } from '@althing/web-account/confirm-second.ts'
import { consentsPage } from '@althing/web-account/consents.ts'
import { erasePage, passphrasePage, privacyPage } from '@althing/web-account/privacy.ts'
import { homePage } from '@althing/web-account/home.ts'
import { linkedPage } from '@althing/web-account/linked.ts'
import { profilePage } from '@althing/web-account/profile.ts'
import { provePhonePage } from '@althing/web-account/prove-phone.ts'
import { removalPage } from '@althing/web-account/removal.ts'
import { securityPage } from '@althing/web-account/security.ts'
import { codesPage, enrolPage } from '@althing/web-account/two-step.ts'
import { problemPage } from '@althing/web-account/problem.ts'
import { agreedTextPage } from '@althing/web-signin/agreed-text.ts'
import { agreementPage } from '@althing/web-signin/agreement.ts'
import { activationCodePage } from '@althing/web-signin/activation-code.ts'
import { accountsPage } from '@althing/web-signin/accounts.ts'
import { choosePage } from '@althing/web-signin/choose.ts'
import { waysPage } from '@althing/web-signin/second-ways.ts'
import { mailedCodePage } from '@althing/web-signin/mailed-code.ts'
import { codePage } from '@althing/web-signin/code.ts'
import { consentPage } from '@althing/web-signin/consent.ts'
import { deviceCodePage, deviceConfirmPage, deviceDonePage } from '@althing/web-signin/device.ts'
import { errorPage } from '@althing/web-signin/error.ts'
import { linkPage, linkSentPage } from '@althing/web-signin/link.ts'
import { newPasswordPage } from '@althing/web-signin/new-password.ts'
import { notLinkedPage } from '@althing/web-signin/not-linked.ts'
import { passwordPage } from '@althing/web-signin/password.ts'
import { confirmAddressPage, registeredPage, registerPage } from '@althing/web-signin/register.ts'
import { recoverPage, recoverSentPage } from '@althing/web-signin/recover.ts'
import { signInPage } from '@althing/web-signin/sign-in.ts'
import { leavingPage, signedOutPage, signOutPage } from '@althing/web-signin/sign-out.ts'
import { openAssets } from '@althing/web-ui/assets.ts'
import type { Assets, Chrome } from '@althing/web-ui/document.ts'
import { preferences } from '@althing/web-ui/locale.ts'
import { galleryPage } from './gallery.ts'

/**
 * Every server-rendered page with made-up data, without a service behind it.
 *
 *   node tests/journeys/preview.ts     prints the address
 */
type Preview = (chrome: Chrome) => string

const form = { action: '/sign-in', csrf: 'x'.repeat(43), hidden: { uid: 'uid_1' } }
const eid = { action: '/sign-in/eid', csrf: 'x'.repeat(43) }
const now = new Date('2026-11-22T14:05:00Z')
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000)
const passkey = { ...form, options: '{}' }
const password = {
  ...form,
  identifier: 'member@example.org',
  again: false,
  otherHref: '/sign-in',
  forgotHref: '/recover',
  passkey,
  link: form,
}
const newPassword = { identifier: 'member@example.org', minimumLength: 12 }
const ways = {
  ...form,
  codes: [
    { channel: 'sms', to: '••• 234' },
    { channel: 'mail', to: 'm•••@example.org' },
  ],
  isSameMailbox: false,
  otherHref: '/sign-in',
  passkey,
} as const
const mailedCode = {
  ...form,
  channel: 'mail',
  to: 'm•••@example.org',
  again: form,
  waysHref: '/sign-in/ways',
  otherHref: '/sign-in',
} as const
const person = { name: 'Æsa Björk Þorgrímsdóttir' }

export const previews: Readonly<Record<string, Preview>> = {
  'sign-in': (chrome) => signInPage(chrome, { ...form, eid, passkey }),
  'sign-in-client': (chrome) =>
    signInPage(chrome, {
      ...form,
      eid,
      passkey,
      client: 'Félagatal',
      others: [{ name: 'GitHub', target: form }],
    }),
  'not-linked': (chrome) => notLinkedPage(chrome, { provider: 'GitHub', signInHref: '/sign-in' }),
  'sign-in-again': (chrome) =>
    signInPage(chrome, { ...form, eid, again: true, identifier: 'member@example.org' }),
  'sign-in-missing': (chrome) =>
    signInPage(chrome, { ...form, eid, problem: { kind: 'missing', fields: ['identifier'] } }),
  'sign-in-eid-failed': (chrome) => signInPage(chrome, { ...form, eid, problem: { kind: 'eid_failed' } }),
  password: (chrome) => passwordPage(chrome, password),
  'password-again': (chrome) => passwordPage(chrome, { ...password, again: true, eid }),
  'password-again-eid': (chrome) => passwordPage(chrome, { ...password, identifier: '', again: true, eid }),
  'password-wrong': (chrome) => passwordPage(chrome, { ...password, problem: { kind: 'wrong' } }),
  'password-locked': (chrome) =>
    passwordPage(chrome, { ...password, problem: { kind: 'locked', retryAfterSeconds: 840 } }),
  'password-passkey-failed': (chrome) => passwordPage(chrome, { ...password, problem: { kind: 'passkey' } }),
  'code-wrong': (chrome) => codePage(chrome, { ...form, otherHref: '/sign-in', problem: { kind: 'wrong' } }),
  'second-ways': (chrome) => waysPage(chrome, { ...ways, applicationHref: '/sign-in/code' }),
  'second-ways-unavailable': (chrome) =>
    waysPage(chrome, { ...ways, enterHref: '/sign-in/mailed-code', problem: { kind: 'unavailable' } }),
  'second-ways-used-up': (chrome) =>
    waysPage(chrome, { ...ways, codes: ways.codes.slice(1), problem: { kind: 'used_up' } }),
  'second-ways-none': (chrome) => waysPage(chrome, { ...ways, codes: [], isSameMailbox: true }),
  'code-sms': (chrome) => mailedCodePage(chrome, { ...mailedCode, channel: 'sms', to: '••• 234' }),
  'code-mail-wrong': (chrome) => mailedCodePage(chrome, { ...mailedCode, problem: { kind: 'wrong' } }),
  'code-mail-gone': (chrome) => mailedCodePage(chrome, { ...mailedCode, problem: { kind: 'code_gone' } }),
  'code-mail-sends': (chrome) =>
    mailedCodePage(chrome, { ...mailedCode, problem: { kind: 'sends', retryAfterSeconds: 1800 } }),
  'code-passkey': (chrome) =>
    codePage(chrome, { ...form, otherHref: '/sign-in', passkey, passkeyOnly: true }),
  'sign-in-activated': (chrome) => signInPage(chrome, { ...form, passkey, done: 'activated' }),
  'sign-in-unusual': (chrome) => signInPage(chrome, { ...form, eid, problem: { kind: 'unusual' } }),
  link: (chrome) => linkPage(chrome, { ...form, identifier: 'member@example.org' }),
  register: (chrome) => registerPage(chrome, { ...form, isClosed: false, signInHref: '/sign-in' }),
  'register-wrong': (chrome) =>
    registerPage(chrome, {
      ...form,
      isClosed: false,
      signInHref: '/sign-in',
      agreement,
      values: { name: 'Æsa' },
      wrong: ['email', 'birth_date', 'guardian_email', 'phone', 'terms'],
    }),
  'register-closed': (chrome) => registerPage(chrome, { ...form, isClosed: true, signInHref: '/sign-in' }),
  'registered-sent': (chrome) => registeredPage(chrome, { state: 'sent', homeHref: '/' }),
  'registered-waiting': (chrome) => registeredPage(chrome, { state: 'waiting', homeHref: '/' }),
  'confirm-address': (chrome) =>
    confirmAddressPage(chrome, { ...form, name: 'Æsa', email: 'aesa@example.org' }),
  'activation-code': (chrome) =>
    activationCodePage(chrome, { ...form, isWrong: true, signInHref: '/sign-in' }),
  'link-sent': (chrome) => linkSentPage(chrome, { againHref: '/sign-in', signInHref: '/sign-in' }),
  accounts: (chrome) =>
    accountsPage(chrome, {
      ...form,
      person: 'Æsa Björk Þorgrímsdóttir',
      address: 'aesa@example.org',
      client: 'Félagatal',
    }),
  choose: (chrome) =>
    choosePage(chrome, {
      client: 'Félagatal',
      methods: [
        { kind: 'eid', target: eid },
        { kind: 'passkey', target: { href: '/sign-in/passkey' } },
        { kind: 'password', target: { href: '/sign-in' } },
        { kind: 'other', name: 'GitHub', target: eid },
      ],
    }),
  consent: (chrome) =>
    consentPage(chrome, {
      ...form,
      client: { name: 'Viðburðadagatal', host: 'dagatal.example.org' },
      person: 'Æsa Björk Þorgrímsdóttir',
      scopes: ['openid', 'profile', 'email', 'national_id', 'offline_access', 'calendar.write'],
      nationalIdPurpose: {
        is: 'Til að skrá þig á námskeið sem aðeins félagar mega sækja',
        en: 'To enrol you in courses that only members may take',
      },
      scopeTexts: {
        'calendar.write':
          chrome.locale === 'is' ? 'setja viðburði í dagatalið þitt' : 'put events in your calendar',
      },
      switchHref: '/sign-in?switch=1',
    }),
  'consent-stranger': (chrome) =>
    consentPage(chrome, {
      ...form,
      client: {
        name: 'Aðstoðarmaður',
        host: '127.0.0.1:33418',
        stranger: { by: 'document', host: 'adstodarmadur.example.org' },
      },
      person: 'Æsa Björk Þorgrímsdóttir',
      scopes: ['openid'],
    }),
  'consent-registered-itself': (chrome) =>
    consentPage(chrome, {
      ...form,
      client: { name: 'Dagatal', stranger: { by: 'itself' } },
      person: 'Æsa Björk Þorgrímsdóttir',
      scopes: ['openid'],
    }),
  'consent-servers': (chrome) =>
    consentPage(chrome, {
      ...form,
      client: { name: 'Glósur' },
      person: 'Æsa Björk Þorgrímsdóttir',
      scopes: ['openid', 'profile', 'read', 'write'],
      servers: [
        {
          name: 'Minnisblöð félagsins',
          uri: 'https://notes.example.org/api/a-rather-long-address',
          scopes: ['read', 'write'],
        },
      ],
      ownPages: [
        { kind: 'policy', href: 'https://glosur.example.org/privacy', host: 'glosur.example.org' },
        { kind: 'terms', href: 'https://glosur.example.org/terms', host: 'glosur.example.org' },
      ],
    }),
  'consent-details': (chrome) =>
    consentPage(chrome, {
      ...form,
      client: { name: 'Heimabankinn' },
      person: 'Æsa Björk Þorgrímsdóttir',
      scopes: ['openid', 'read'],
      details: [
        {
          type: 'payment_initiation',
          members: [
            { name: 'instructedAmount', value: '{"currency":"ISK","amount":"12500"}' },
            { name: 'creditorName', value: 'Félagið' },
          ],
        },
      ],
    }),
  'device-code': (chrome) => deviceCodePage(chrome, form),
  'device-code-wrong': (chrome) => deviceCodePage(chrome, { ...form, code: 'BCDF-GHJK', problem: 'wrong' }),
  'device-confirm': (chrome) =>
    deviceConfirmPage(chrome, { ...form, client: 'Sjónvarpið', code: 'BCDF-GHJK' }),
  'device-done': (chrome) => deviceDonePage(chrome, { client: 'Sjónvarpið' }),
  leaving: (chrome) => leavingPage(chrome, { frames: [], nextHref: '/' }),
  activate: (chrome) => newPasswordPage(chrome, { ...form, ...newPassword, purpose: 'activate' }),
  'activate-short': (chrome) =>
    newPasswordPage(chrome, { ...form, ...newPassword, purpose: 'activate', problem: 'short' }),
  'activate-unread': (chrome) =>
    newPasswordPage(chrome, { ...form, ...newPassword, purpose: 'activate', agreement, problem: 'terms' }),
  agreement: (chrome) => agreementPage(chrome, { ...form, agreement, isNew: false, hasChanged: false }),
  'agreement-changed': (chrome) =>
    agreementPage(chrome, { ...form, agreement, isNew: true, hasChanged: true }),
  'agreed-text': (chrome) =>
    agreedTextPage(chrome, { kind: 'terms', version: '1', text: agreedText, isInForce: false }),
  recover: (chrome) => recoverPage(chrome, { ...form, signInHref: '/sign-in' }),
  'recover-address': (chrome) =>
    recoverPage(chrome, { ...form, signInHref: '/sign-in', email: 'nobody', problem: 'address' }),
  'recover-too-many': (chrome) =>
    recoverPage(chrome, { ...form, signInHref: '/sign-in', email: 'a@example.org', problem: 'too_many' }),
  'recover-sent': (chrome) => recoverSentPage(chrome, { againHref: '/recover', signInHref: '/sign-in' }),
  'recover-password': (chrome) => newPasswordPage(chrome, { ...form, ...newPassword, purpose: 'recover' }),
  'signed-out': (chrome) => signedOutPage(chrome, { signInHref: '/sign-in', homeHref: '/' }),
  'signed-out-back': (chrome) =>
    signedOutPage(chrome, {
      signInHref: '/sign-in',
      homeHref: '/',
      back: { client: 'Viðburðadagatal', href: 'https://dagatal.example/bless' },
    }),
  'sign-out': (chrome) =>
    signOutPage(chrome, { ...form, person: person.name, client: 'Viðburðadagatal', stayHref: '/' }),
  'error-expired': (chrome) => errorPage(chrome, { kind: 'expired', againHref: '/sign-in', homeHref: '/' }),
  'error-answered': (chrome) =>
    errorPage(chrome, {
      kind: 'answered',
      client: { name: 'Viðburðadagatal', href: 'https://dagatal.example.org/' },
      homeHref: '/',
    }),
  'error-used': (chrome) => errorPage(chrome, { kind: 'used', againHref: '/recover', homeHref: '/' }),
  'error-activated': (chrome) =>
    errorPage(chrome, { kind: 'activated', againHref: '/sign-in', homeHref: '/' }),
  'error-address': (chrome) => errorPage(chrome, { kind: 'address', homeHref: '/' }),
  'error-malformed': (chrome) =>
    errorPage(chrome, {
      kind: 'malformed',
      fields: ['name', 'attempt'],
      againHref: '/sign-in',
      homeHref: '/',
    }),
  'error-tampered': (chrome) => errorPage(chrome, { kind: 'tampered', againHref: '/sign-in', homeHref: '/' }),
  'error-client': (chrome) => errorPage(chrome, { kind: 'client', reference: 'req_01J8', homeHref: '/' }),
  'error-unknown': (chrome) =>
    errorPage(chrome, { kind: 'unknown', reference: 'req_01J8', againHref: '/sign-in' }),
  'home-guest': (chrome) => homePage(chrome, { now, signInHref: '/sign-in', places: {} }),
  home: (chrome) =>
    homePage(known(chrome), {
      now,
      person,
      signInHref: '/sign-in',
      openVotes: 1,
      places: { votes: '/votes', account: '/account' },
    }),
  'home-officer': (chrome) =>
    homePage(known(chrome), {
      now,
      person,
      signInHref: '/sign-in',
      places: { votes: '/votes', account: '/account', elections: '/admin/elections', admin: '/admin' },
    }),
  profile: (chrome) =>
    profilePage(known(chrome), {
      ...back,
      actions: { profile: '/account', address: '/account' },
      nameFrom: 'self',
      values: { name: person.name, phone: '', locale: 'is', email: 'nobody' },
      wrong: ['phone', 'email'],
      done: 'saved',
    }),
  'profile-plain': (chrome) =>
    profilePage(known(chrome), {
      ...back,
      actions: { profile: '/account', address: '/account' },
      nameFrom: 'self',
      values: { name: person.name, phone: '', locale: 'is', email: 'nobody@example.org' },
    }),
  linked: (chrome) =>
    linkedPage(known(chrome), {
      ...back,
      linked: [
        { name: 'GitHub', issuer: 'https://github.com', subject: '1', linkedAt: ago(9000) },
        { name: null, issuer: 'https://old.example.org', subject: '2', linkedAt: ago(90_000) },
      ],
      looking: [
        {
          id: 'oid_1',
          name: 'The old app',
          issuer: 'https://securetoken.google.com/our-old-project',
          linkedAt: ago(9000),
          signedInAt: ago(60),
        },
      ],
      offered: [
        { id: 'github', name: 'GitHub' },
        { id: 'google', name: 'Google' },
      ],
      actions: { link: '/account', unlink: '/account', unlook: '/account' },
      problem: 'conflict',
    }),
  connected: (chrome) =>
    connectedPage(known(chrome), {
      csrf: 'x'.repeat(43),
      connected: [
        {
          client: 'calendar',
          name: 'Dagatal félagsins',
          scopes: ['openid', 'profile', 'email', 'offline_access'],
          servers: [{ name: 'Dagatalsþjónusta', uri: 'https://api.example/', scopes: ['read', 'write'] }],
          since: ago(9000),
        },
        { client: 'forum', name: 'Forum', scopes: ['openid'], servers: [], since: ago(90_000) },
      ],
      choices: {
        profile: 'allow',
        email: 'ask',
        phone: 'deny',
        roles: 'ask',
        groups: 'ask',
        membership: 'allow',
        national_id: 'deny',
      },
      actions: { end: '/account', choose: '/account' },
      backHref: '/account',
      done: 'saved',
    }),
  requests: (chrome) =>
    requestsPage(known(chrome), {
      now,
      waiting: [{ href: '/account', client: 'Símaver félagsins', askedAt: ago(2), expiresAt: ago(-8) }],
      backHref: '/account',
      done: 'refused',
    }),
  'requests-none': (chrome) => requestsPage(known(chrome), { now, waiting: [], backHref: '/account' }),
  request: (chrome) => requestPage(known(chrome), asking),
  'request-servers': (chrome) =>
    requestPage(known(chrome), {
      ...asking,
      scopes: ['openid', 'read'],
      servers: [{ name: 'Minnisblöð félagsins', uri: 'https://notes.example.org/', scopes: ['read'] }],
    }),
  'request-weak': (chrome) =>
    requestPage(known(chrome), { ...asking, isStrong: false, message: 'M'.repeat(64), kept: [] }),
  privacy: (chrome) => privacyPage(known(chrome), privacy),
  'privacy-ready': (chrome) =>
    privacyPage(known(chrome), {
      ...privacy,
      export: { state: 'ready', href: '/account', until: ago(-9000) },
      mayExport: false,
      erasure: { due: ago(-40_000) },
      done: 'erasing',
    }),
  'privacy-waiting': (chrome) =>
    privacyPage(known(chrome), {
      ...privacy,
      export: { state: 'waiting', done: 2, parts: 5 },
      passphrase: { href: '/account', until: ago(-12) },
      mayExport: false,
      problem: 'often',
    }),
  passphrase: (chrome) =>
    passphrasePage(known(chrome), { passphrase: 'x7d2-9kqm-4hv0-pw3t', action: '#', csrf: '', hidden: {} }),
  erase: (chrome) =>
    erasePage(known(chrome), {
      ...back,
      phrase: chrome.locale === 'is' ? 'EYÐA AÐGANGINUM MÍNUM' : 'DELETE MY ACCOUNT',
      days: 30,
      problem: 'phrase',
    }),
  consents: (chrome) => consentsPage(known(chrome), { ...back, history: consents, done: true }),
  security: (chrome) => securityPage(known(chrome), security),
  'security-first': (chrome) =>
    securityPage(known(chrome), {
      ...security,
      hasPassword: false,
      canHavePassword: false,
      twoStep: null,
      codes: [
        { channel: 'sms', isOn: false, to: null, unproven: null, missing: 'phone' },
        { channel: 'mail', isOn: false, to: null, unproven: null, missing: 'address' },
      ],
      passkeys: [],
      activity: [],
      done: 'last',
    }),
  'security-codes': (chrome) =>
    securityPage(known(chrome), {
      ...security,
      codes: [
        { channel: 'sms', isOn: false, to: null, unproven: '+354 555 1234', missing: null },
        { channel: 'mail', isOn: false, to: 'member@example.org', unproven: null, missing: 'password' },
      ],
      done: 'phone',
    }),
  'security-gone': (chrome) => securityPage(known(chrome), { ...security, done: 'gone' }),
  'security-alone': (chrome) =>
    securityPage(known(chrome), { ...security, twoStep: null, done: 'passwordAlone' }),
  'removal-passkey': (chrome) =>
    removalPage(known(chrome), {
      ...second,
      act: 'passkey',
      name: 'iPhone',
      hidden: { id: 'x' },
      remaining: [
        { kind: 'passkey', name: 'Tölvan heima' },
        { kind: 'password' },
        { kind: 'linked', name: 'Google' },
        { kind: 'link', name: 'member@example.org' },
      ],
    }),
  'removal-sms': (chrome) =>
    removalPage(known(chrome), {
      ...second,
      act: 'sms',
      name: '+354 555 1234',
      hidden: { channel: 'sms' },
      remaining: [],
    }),
  'home-leaving': (chrome) =>
    homePage(known(chrome), {
      now: new Date('2026-11-22T20:03:00Z'),
      person: { name: 'Æsa Björk Þorgrímsdóttir' },
      signInHref: '/sign-in',
      places: { votes: '/vote', account: '/account' },
      erasure: { due: new Date('2026-12-20T12:00:00Z'), keepHref: '/account/privacy' },
    }),
  'confirm-off': (chrome) => confirmSecondPage(known(chrome), { ...second, act: 'off' }),
  'confirm-off-wrong': (chrome) =>
    confirmSecondPage(known(chrome), { ...second, act: 'off', problem: 'wrong' }),
  'confirm-codes': (chrome) => confirmSecondPage(known(chrome), { ...second, act: 'codes', isShown: true }),
  'prove-phone': (chrome) => provePhonePage(known(chrome), { ...phone, isWaiting: false }),
  'prove-phone-wrong': (chrome) => provePhonePage(known(chrome), { ...phone, problem: 'wrong' }),
  'prove-phone-unavailable': (chrome) =>
    provePhonePage(known(chrome), { ...phone, isWaiting: false, problem: 'unavailable' }),
  'change-password': (chrome) => changePasswordPage(known(chrome), change),
  'change-password-alone': (chrome) => changePasswordPage(known(chrome), { ...change, advisedLength: 15 }),
  'change-password-wrong': (chrome) =>
    changePasswordPage(known(chrome), { ...change, problem: { field: 'password', kind: 'weak' } }),
  enrol: (chrome) => enrolPage(known(chrome), enrol),
  codes: (chrome) => codesPage(known(chrome), { codes, made: now, doneHref: '/account/security' }),
  'add-passkey': (chrome) =>
    addPasskeyPage(known(chrome), { ...back, options: JSON.stringify({ challenge: '' }), problem: 'name' }),
  account: (chrome) => accountPage(known(chrome), account),
  'account-erased': (chrome) =>
    accountPage(known(chrome), {
      ...account,
      erasure: { due: ago(-40_000) },
      membership: { state: 'active', since: ago(900_000), phone: '555 9876' },
      done: 'session_gone',
    }),
  'account-unreached': (chrome) =>
    accountPage(known(chrome), { ...account, heldBack: { isUnwanted: false, until: ago(-1_440) } }),
  'account-unwanted': (chrome) =>
    accountPage(known(chrome), { ...account, heldBack: { isUnwanted: true, until: ago(-500_000) } }),
  'account-overrides': (chrome) =>
    accountPage(known(chrome), {
      ...account,
      overrides: [
        {
          kind: 'emergency',
          role: 'administrator',
          actions: [],
          words: {},
          resource: null,
          reason: 'Enginn annar er á vakt',
          until: ago(-50),
          by: ['Hallgerður Hámundardóttir'],
        },
        {
          kind: 'deny',
          role: null,
          actions: ['elections.open', 'elections.close', 'nafn.á.aðgerð.sem.er.lengra.en.síminn.er.breiður'],
          words: wordsFor(['elections.open', 'elections.close']),
          resource: { type: 'Election', id: 'elc_00000000-0000-7000-8000-000000000001' },
          reason: 'Er í leyfi fram á föstudag',
          until: ago(-5_000),
          by: [],
        },
        {
          kind: 'allow',
          role: null,
          actions: ['members.list'],
          words: wordsFor(['members.list']),
          resource: null,
          reason: 'Leysir af á skrifstofunni',
          until: ago(-9_000),
          by: ['Ari Þorgilsson', 'Hallgerður Hámundardóttir'],
        },
      ],
    }),
  'account-paused': (chrome) => accountPage(known(chrome), { ...account, paused: { at: ago(180) } }),
  'account-unknown': (chrome) =>
    accountPage(known(chrome), {
      ...account,
      membership: { state: 'unknown' },
      done: 'session_ended',
      person: { name: 'Ari' },
      sessions: account.sessions.slice(0, 1),
    }),
  'not-found': (chrome) => problemPage(chrome, { kind: 'notFound', homeHref: '/' }),
  forbidden: (chrome) => problemPage(chrome, { kind: 'forbidden', homeHref: '/' }),
  unavailable: (chrome) => problemPage(chrome, { kind: 'unavailable', homeHref: '/' }),
  bug: (chrome) => problemPage(chrome, { kind: 'bug', reference: 'req_01J8', homeHref: '/' }),
  gallery: galleryPage,
}

const second = {
  action: '/account',
  csrf: 'x'.repeat(43),
  isShown: false,
  otherHref: '/sign-in/again',
  backHref: '/account/security',
}
const back = { action: '/account', csrf: 'x'.repeat(43), backHref: '/account/security' }
const security = {
  now,
  csrf: 'x'.repeat(43),
  hasPassword: true,
  canHavePassword: true,
  twoStep: { codesLeft: 2 },
  codes: [
    { channel: 'sms', isOn: true, to: '+354 555 1234', unproven: '+354 666 7890', missing: null },
    { channel: 'mail', isOn: false, to: 'member@example.org', unproven: null, missing: null },
  ],
  passkeys: [
    { id: 'a', name: 'Síminn minn', createdAt: ago(90_000), usedAt: ago(125), synced: true },
    { id: 'b', name: 'Öryggislykill á lyklakippu', createdAt: ago(900_000), usedAt: null, synced: false },
  ],
  activity: [
    { at: ago(2), method: 'passkey', result: 'in', device: 'Firefox, Linux', isNew: false },
    { at: ago(200), method: 'totp', result: 'refused', device: 'Chrome, Windows', isNew: false },
    { at: ago(201), method: 'password', result: 'step', device: 'Chrome, Windows', isNew: false },
    { at: ago(9000), method: 'eid', result: 'in', device: 'Safari, iPhone', isNew: true },
  ],
  backHref: '/account',
} as const
const privacy = {
  csrf: 'x'.repeat(43),
  export: null,
  passphrase: null,
  mayExport: true,
  erasure: null,
  eraseHref: '/account/privacy/erase',
  actions: { export: '/account/privacy', keep: '/account/privacy' },
  backHref: '/account',
}
const phone = { ...back, sendAction: '/account', phone: '+354 555 1234', isWaiting: true }
const agreement = {
  version: '2',
  texts: [
    { kind: 'terms', href: '/texts/terms/2' },
    { kind: 'privacy', href: '/texts/privacy/2' },
  ],
} as const
const agreedText =
  '# Skilmálar félagsins\n\nFyrsta efnisgrein,\ní tveimur línum.\n\n## Atkvæði\n\n- Leynileg\n- Talin af hverjum sem vill'
const consents = [
  { kind: 'marketing', version: '2', givenAt: ago(5000), withdrawnAt: ago(200), href: null },
  { kind: 'terms', version: '2', givenAt: ago(90_000), withdrawnAt: null, href: '/texts/terms/2' },
] as const
const change = { ...back, identifier: 'member@example.org', hasOne: true, minimumLength: 12 }
const enrol = {
  ...back,
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  uri: 'otpauth://totp/Felagid:member%40example.org?issuer=Felagid&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30',
}
const codes = Array.from({ length: 10 }, (_, n) => `x7d2-9kqm-4hv${n}-pw3t`)

const asking = {
  now,
  client: 'Símaver félagsins',
  message: 'Borð 7, kl. 14',
  network: '192.0.2.17',
  askedAt: ago(2),
  expiresAt: ago(-8),
  scopes: ['openid', 'email', 'national_id', 'greidslur:lesa'],
  nationalIdPurpose: { is: 'Til að finna þig í félagatalinu', en: 'To find you in the directory' },
  kept: ['phone'],
  details: [{ type: 'payment', members: [{ name: 'amount', value: '12.900 kr.' }] }],
  action: '/account',
  csrf: 'x'.repeat(43),
  isStrong: true,
  proveHref: '/account',
  securityHref: '/account/security',
  backHref: '/account',
} as const

const account = {
  now,
  csrf: 'x'.repeat(43),
  person: { ...person, email: 'aesa@example.org', phone: '555 1234', nationalId: '010190-2989' },
  membership: { state: 'active', since: new Date('2019-03-01T12:00:00Z') },
  roles: ['election-manager', 'auditor'],
  overrides: [],
  sessions: [
    {
      id: 'ses_2',
      device: 'Chrome, Android',
      startedAt: ago(3000),
      seenAt: ago(125),
      method: 'eid',
      current: false,
    },
    {
      id: 'ses_1',
      device: 'Firefox, Linux',
      startedAt: ago(12),
      seenAt: ago(0),
      method: 'password',
      current: true,
    },
    {
      id: 'ses_3',
      device: 'Safari, iPhone',
      startedAt: ago(30_000),
      seenAt: ago(9000),
      method: 'passkey',
      current: false,
    },
  ],
  requests: { waiting: 2, href: '/account/requests' },
  votesHref: '/votes',
  securityHref: '/account/security',
  consentsHref: '/account/consents',
  profileHref: '/account/profile',
  privacyHref: '/account/privacy',
  connectedHref: '/account/connected',
  actions: {
    endSession: '/account/sessions/end',
    signOut: '/sign-out',
    signOutEverywhere: '/sign-out/everywhere',
    keep: '/account/privacy/erase/cancel',
  },
} as const

function known(chrome: Chrome): Chrome {
  const is = chrome.locale === 'is'
  const links = [
    { label: is ? 'Kosningar' : 'Votes', href: '/votes' },
    {
      label: is ? 'Aðgangurinn minn' : 'My account',
      href: '/account',
      current: chrome.path.startsWith('/account'),
    },
  ]
  return { ...chrome, person, links }
}

export function previewChrome(assets: Assets, path: string): Chrome {
  const query = Object.fromEntries(new URL(path, 'http://own.invalid').searchParams)
  const { locale, theme } = preferences({ query })
  const name = locale === 'is' ? 'Almenna félagið' : 'The General Association'
  const contact = { label: 'skrifstofa@example.org', href: 'mailto:skrifstofa@example.org' }
  return { locale, theme, path, assets, organisation: { name, home: '/home', contact } }
}

/** The policy that every page of ours lives under. */
export const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

export async function startPreview(dist: URL, port = 0): Promise<{ url: string; close(): void }> {
  const assets = openAssets(dist)
  const server = createServer((request, response) => {
    const { status, headers, body } = answer(assets, request.url ?? '/')
    response.writeHead(status, headers).end(body)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: bound } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${bound}`, close: () => server.close() }
}

function answer(assets: ReturnType<typeof openAssets>, path: string) {
  const served = assets.serve(path)
  if (served !== null) {
    const headers = { ...served.headers, 'content-type': served.contentType }
    return { status: 200, headers, body: readFileSync(served.file) }
  }
  const chrome = previewChrome(assets, path)
  const preview = previews[new URL(path, 'http://own.invalid').pathname.slice(1)]
  const body = preview?.(chrome) ?? problemPage(chrome, { kind: 'notFound', homeHref: '/home' })
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }
  return { status: preview === undefined ? 404 : 200, headers, body }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { url } = await startPreview(new URL('../../web/dist/', import.meta.url))
  for (const name of Object.keys(previews)) console.log(`${url}/${name}?lang=is`)
}
