import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.signals', {
  unauthorized: [
    401,
    'Say who you are with your client id and your secret (HTTP Basic), or with a token for this address.',
  ],
  insufficient_scope: [403, 'This token may not do this. Ask for one with the scope ssf.manage.'],
  not_allowed: [403, 'This application may not be told of signals. An operator allows it.'],
  not_found: [404, 'There is no such stream of this application.'],
  unknown_subject: [404, 'This application knows nobody of that name.'],
  unknown_client: [404, 'There is no such application.'],
  no_delivery: [404, 'There is no such delivery.'],
  not_polled: [409, 'This stream is pushed. Only what is fetched can be fetched.'],
  not_webhook: [409, 'This stream is no webhook, so it has no secret.'],
  too_many: [409, 'This application has as many streams as it may have. Delete one of them.'],
  too_soon: [429, 'A verification was asked for a moment ago. Wait until it has arrived.'],
  waiting: [409, 'This is still on its way. Only what was delivered or given up can be sent again.'],
})
