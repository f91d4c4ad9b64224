/** How old a secret of an application may grow before somebody is reminded of it. */
import { integer, setting } from '@althing/kernel/config'

export const clientSettings = {
  clientSecretDays: setting({
    env: 'ALTHING_IDENTITY_CLIENT_SECRET_DAYS',
    schema: integer.min(1).max(3650),
    fallback: '90',
    doc: 'A secret of an application that is older than so many days is one that administrators are reminded of by mail, once.',
  }),
  clientSecretWarnDays: setting({
    env: 'ALTHING_IDENTITY_CLIENT_SECRET_WARN_DAYS',
    schema: integer.min(1).max(90),
    fallback: '14',
    doc: 'Administrators are reminded so many days before a secret of an application ends, where somebody has said when.',
  }),
} as const
