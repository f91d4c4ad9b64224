/** Key services as a port: who wraps the keys that lie in a database. Adapters promise what `conformance.ts` says. */
export { keyFault, type KeyService } from './port.ts'
export { createKeyServices, keyServicesOf } from './settings.ts'
