/** Settings of what applications are told. */
import { list, setting } from '@althing/kernel/config'

export const signalSettings = {
  egressAllowed: setting({
    env: 'ALTHING_IDENTITY_EGRESS_ALLOWED',
    schema: list,
    fallback: '',
    doc: 'Hosts, with a port or without, that applications may name although they are inside, or in clear: for their keys, for sign-outs and as receivers of signals. All others must be https and public.',
  }),
}
