import type { PersonData, PersonTable } from '@althing/kernel/privacy'

/** Rows that name the account and go with it. */
const own = (table: string, gives: readonly string[]): PersonTable => ({
  table,
  of: 'account = $1',
  gives,
  erasure: 'rows',
})

const ownAddress = 'select email from account where id = $1'

/**
 * Addresses that were said of somebody and proven by nobody, or are theirs no more: of what went there, what no account has is erased
 * with them, and given to nobody. Who has an account with such an address, or is the guardian of others, keeps what is about them.
 */
const saidOf = `account is null and address in (
    select claimed_email from account where id = $1
    union select unnest(array[email, previous]) from address_change where account = $1
    union select guardian_email from application where email in (${ownAddress}))
  and not exists (select from account as other where other.email = address and other.id <> $1)
  and not exists (select from application as other
                   where other.guardian_email = address and other.email not in (${ownAddress}))`

/** What was sent, and what is not sent any more. */
const mailed = (table: string, gives: readonly string[]): PersonTable[] => [
  { table, of: `account = $1 or address in (${ownAddress})`, gives, erasure: 'rows' },
  { table, of: saidOf, gives: [], erasure: 'rows' },
]

/** Everything that identity holds about a person; the account itself last, for its address finds the rest. */
export const personData: PersonData = {
  persons: [
    // First, while applications and wishes for another address still name the mailboxes.
    ...mailed('delivery', [
      'channel',
      'address',
      'subject',
      'state',
      'reason',
      'tries',
      'began_at',
      'changed_at',
    ]),
    ...mailed('mail_suppression', ['address', 'reason', 'since', 'ends_at']),
    {
      table: 'application',
      of: 'email in (select email from account where id = $1)',
      gives: [
        'email',
        'name',
        'phone',
        'birth_date',
        'locale',
        'guardian_email',
        'consents',
        'consent_version',
        'state',
        'created_at',
        'decided_at',
        'reason',
      ],
      erasure: 'rows',
    },
    // Whoever was a guardian is named in what their child sent.
    {
      table: 'application',
      of: 'guardian_email in (select email from account where id = $1)',
      gives: [],
      erasure: { empties: ['guardian_email'] },
    },
    own('session', ['method', 'acr', 'device', 'network', 'auth_time', 'started_at', 'seen_at', 'ends_at']),
    own('login_event', ['at', 'method', 'result', 'reason', 'network', 'device', 'is_new']),
    own('consent', ['kind', 'version', 'given_at', 'withdrawn_at']),
    own('external_identity', ['issuer', 'subject', 'linked_at']),
    own('outside_identity', ['issuer', 'subject', 'linked_by', 'linked_at', 'removed_at', 'signed_in_at']),
    own('passkey', ['name', 'synced', 'created_at', 'used_at']),
    own('password', ['changed_at']),
    own('password_before', ['changed_at']),
    own('totp', ['created_at', 'confirmed_at']),
    own('recovery_code', []),
    own('factor_failure', ['factor', 'in_a_row']),
    own('account_pause', ['paused_at', 'told_at']),
    own('mailed_code', ['channel', 'tried', 'expires_at']),
    own('mailed_code_sent', ['channel', 'sent', 'ends_at']),
    own('mailed_code_factor', ['channel', 'since']),
    own('proven_phone', ['phone', 'proven_at']),
    own('risk_mark', ['kind', 'at']),
    own('security_alert', ['kind', 'severity', 'network', 'first_seen', 'last_seen', 'count', 'state']),
    own('mailed_link', ['purpose', 'expires_at']),
    own('address_change', ['email', 'previous', 'expires_at', 'done_at']),
    own('oidc_record', ['kind', 'client', 'scopes', 'started_at', 'expires_at']),
    {
      table: 'logout_notice',
      of: 'account = $1',
      gives: [],
      erasure: {
        stays:
          'Applications hear by it that the sessions have ended, for a day at most; it holds ids and nothing else.',
      },
    },
    own('backchannel_request', ['client', 'network', 'state', 'asked_at', 'expires_at']),
    own('sharing', ['scope', 'choice']),
    own('signal_delivery', ['type', 'details', 'at', 'state', 'done_at']),
    {
      table: 'signal_subject',
      of: 'account = $1',
      gives: ['stream'],
      erasure: {
        stays:
          'The last word about them goes to those that are named there, in the same transaction, and takes it along.',
      },
    },
    own('data_export', ['state', 'asked_at', 'ready_at', 'ends_at', 'fetched_at']),
    {
      table: 'service_identity',
      of: 'owner = $1',
      gives: ['id', 'kind', 'name', 'purpose', 'made_at', 'disabled_at'],
      // What was theirs is nobody's then, and opens nothing.
      erasure: { empties: ['owner'] },
    },
    {
      table: 'revocation',
      of: 'subject = $1',
      gives: [],
      erasure: {
        stays: 'Others refuse the tokens by it until the last one is over; it holds an id and nothing else.',
      },
    },
    {
      table: 'account',
      of: 'id = $1',
      gives: [
        'id',
        'email',
        'email_proven',
        'claimed_email',
        'name',
        'phone',
        'national_id',
        'locale',
        'status',
        'roles',
        'created_at',
        'updated_at',
      ],
      erasure: 'rows',
    },
    {
      table: 'erasure',
      of: 'person = $1',
      gives: ['state', 'reason', 'asked_at', 'due_at', 'ended_at'],
      // That somebody was forgotten stays, under an id that names nobody; what was written about it goes.
      erasure: { empties: ['reason'] },
    },
  ],
  others: {
    api_key: 'Of service identities.',
    application_link: 'Goes with its application.',
    client_document: 'Of applications.',
    erasure_part: 'Which service has confirmed.',
    federation_state: 'Of a browser in which nobody has signed in yet; gone after minutes.',
    guess: 'Counts under keyed names; gone after minutes.',
    oauth_client: 'Of applications.',
    oauth_client_logo: 'Of applications.',
    oauth_client_secret: 'Of applications.',
    oauth_resource: 'Of servers.',
    passkey_challenge: 'Random; gone after minutes.',
    past_key: 'Of this service.',
    registration_token: 'Of this service.',
    revocation_head: 'A number.',
    security_alert_delivery: 'Goes with its alert.',
    self_registration: 'Of applications.',
    sign_in_attempt: 'Sealed, and gone after minutes.',
    signal_receiver: 'Of applications.',
    signal_stream: 'Of applications.',
    signing_key: 'Of this service.',
  },
}
