import type { PersonData, PersonTable } from '@althing/kernel/privacy'

/** Rows that name the account and go with it. */
const own = (table: string, gives: readonly string[]): PersonTable => ({
  table,
  of: 'account = $1',
  gives,
  erasure: 'rows',
})

/** Everything that identity holds about a person; the account itself last, for its address finds the rest. */
export const personData: PersonData = {
  persons: [
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
    {
      table: 'delivery',
      of: 'account = $1 or address in (select email from account where id = $1)',
      gives: ['channel', 'address', 'subject', 'state', 'reason', 'tries', 'began_at', 'changed_at'],
      erasure: 'rows',
    },
    {
      table: 'mail_suppression',
      of: 'address in (select email from account where id = $1)',
      gives: ['address', 'reason', 'since'],
      erasure: 'rows',
    },
    own('outside_identity', ['issuer', 'subject', 'linked_by', 'linked_at', 'removed_at', 'signed_in_at']),
    own('passkey', ['name', 'synced', 'created_at', 'used_at']),
    own('password', ['changed_at']),
    own('password_before', ['changed_at']),
    own('totp', ['created_at', 'confirmed_at']),
    own('recovery_code', []),
    own('factor_failure', ['factor', 'in_a_row']),
    own('mailed_code', ['channel', 'tried', 'expires_at']),
    own('mailed_code_sent', ['channel', 'sent', 'ends_at']),
    own('mailed_code_factor', ['channel', 'since']),
    own('proven_phone', ['phone', 'proven_at']),
    own('risk_mark', ['kind', 'at']),
    own('security_alert', ['kind', 'severity', 'network', 'first_seen', 'last_seen', 'count', 'state']),
    own('mailed_link', ['purpose', 'expires_at']),
    own('address_change', ['email', 'previous', 'expires_at', 'done_at']),
    own('oidc_record', ['kind', 'client', 'scopes', 'started_at', 'expires_at']),
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
    application_link: 'Goes with its application.',
    erasure_part: 'Which service has confirmed.',
    federation_state: 'Of a browser in which nobody has signed in yet; gone after minutes.',
    guess: 'Counts under keyed names; gone after minutes.',
    oauth_client: 'Of applications.',
    passkey_challenge: 'Random; gone after minutes.',
    revocation_head: 'A number.',
    security_alert_delivery: 'Goes with its alert.',
    sign_in_attempt: 'Sealed, and gone after minutes.',
    signal_receiver: 'Of applications.',
    signal_stream: 'Of applications.',
    signing_key: 'Of this service.',
  },
}
