import type { z } from 'zod'
import type { SettingsInForce } from '../contract.ts'

export type InForce = z.output<typeof SettingsInForce>
export type Warning = InForce['warnings'][number]

/** One declaration, as every service makes them. */
export interface Declared {
  readonly env: string
  readonly fallback?: string | undefined
  readonly doc: string
  readonly secret: boolean
}

/** The values that decide what is weak; secrets only by whether they are there. */
export interface Weighed {
  readonly url: string
  readonly preset: string
  readonly registration: string
  readonly passwordMinimum: number
  readonly passwordMemoryKib: number
  readonly passwordPasses: number
  readonly breachUrl: string
  readonly lockAfter: number
  readonly lockMinutes: number
  readonly shutAfter: number
  readonly signInPerAccount: number
  readonly sessionIdleMinutes: number
  readonly administratorIdleMinutes: number
  readonly sessionMinutes: number
  readonly rememberDays: number
  readonly freshMinutes: number
  readonly riskPolicy: string
  readonly codesByMail: 'on' | 'off'
  readonly codesBySms: 'on' | 'off'
  readonly mailFrom: string
  /** Both the terms and how personal data is handled can be read. */
  readonly hasTexts: boolean
  readonly hasMail: boolean
  readonly hasSms: boolean
  /** Mail and messages lie open where whoever wants can read them. */
  readonly isMailbox: boolean
  readonly trustsOthers: boolean
}
