export {
  answer,
  Answer,
  bytes,
  html,
  cookieName,
  parseCookies,
  redirect,
  serializeCookie,
  withCookies,
  type Cookie,
  streamed,
} from './answer.ts'
export { apiKeyPath, newApiKey, readApiKey, type ApiKey } from './api-keys.ts'
export { Bounds, boundsHeader, Hours, Network, outOf } from './bounds.ts'
export { createCsrf, csrfFault, type Csrf } from './csrf.ts'
export { parseJson } from './json.ts'
export {
  countersInCache,
  countersInPostgres,
  createLimits,
  limitFault,
  type CacheClient,
  type Counters,
  type Limits,
} from './limits.ts'
export { networkOf } from './network.ts'
export { openApi } from './openapi.ts'
export { contentPolicy, page, type PageInput } from './page.ts'
export { createPeers, peerFault, PeerTable, type Peer, type Peers } from './peers.ts'
export { problem, scim, type Dialect } from './present.ts'
export {
  createRevocations,
  followRevocations,
  pause,
  Revocation,
  RevocationFeed,
  type Revocations,
} from './revocations.ts'
export {
  anonymousRoute,
  may,
  route,
  type Access,
  type Caller,
  type Input,
  type Limit,
  type Permission,
  type Resource,
  type Route,
} from './route.ts'
export {
  httpFault,
  type Decide,
  type Facts,
  type HttpObserver,
  type Mount,
  type RequestFacts,
  type ServerOptions,
} from './options.ts'
export { refuseFromMount } from './output.ts'
export { createQuietServer, createServer, type Server } from './server.ts'
export {
  createSigner,
  createVerifier,
  publicPart,
  signingKey,
  verifyingKey,
  type Signer,
} from './signatures.ts'
export { tokenFault } from './faults.ts'
export { Exchanged, outsideTokenPath, Presented, type Exchange } from './outside.ts'
export { createTokens, type Tokens } from './tokens.ts'
