/** Settings of what applications are told. */
import { list, setting } from '@althing/kernel/config'

export const signalSettings = {
  egressAllowed: setting({
    env: 'ALTHING_IDENTITY_EGRESS_ALLOWED',
    schema: list,
    fallback: '',
    doc: 'Hosts, with a port or without, that may be called although they are inside, or in clear: receivers of signals in the same network. All others must be https and public.',
  }),
}
