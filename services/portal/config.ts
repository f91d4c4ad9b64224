import { integer, secret, setting } from '@althing/kernel/config'
import { z } from 'zod'

/** Settings of the portal beside those that every service has. */
export const Config = {
  clientSecret: secret({
    env: 'ALTHING_PORTAL_CLIENT_SECRET',
    schema: z.string().min(32),
    doc: 'Secret of the client "portal" at identity.',
  }),
  idleSeconds: setting({
    env: 'ALTHING_PORTAL_SESSION_IDLE_SECONDS',
    schema: integer.min(60).max(86_400),
    fallback: '1800',
    doc: 'A browser session without a request for so long has ended.',
  }),
  absoluteSeconds: setting({
    env: 'ALTHING_PORTAL_SESSION_ABSOLUTE_SECONDS',
    schema: integer.min(300).max(604_800),
    fallback: '28800',
    doc: 'A browser session ends after so long, however busy.',
  }),
  loginPerNetwork: setting({
    env: 'ALTHING_PORTAL_LOGIN_PER_NETWORK',
    schema: integer.min(1),
    fallback: '600',
    doc: 'Sign-ins begun per minute from one network; a hall of people is one network.',
  }),
} as const
