/** The settings as the console shows them: what was declared, what is in force, and what the preset makes of it. */
import { hallFactorOf, type IdentityKit } from './kit.ts'
import { idlenessOf } from './compose-sessions.ts'
import { Config } from './config.ts'
import type { AgreedTexts } from './consents/texts.ts'
import { issuersOf } from './outside-tokens/settings.ts'
import { rulesOf } from './passwords/schema.ts'
import { settingsInForce } from './settings/rules.ts'
import type { InForce } from './settings/schema.ts'

export function settingsOf(
  { config, isGiven }: Pick<IdentityKit, 'config' | 'isGiven'>,
  { kinds }: Pick<AgreedTexts, 'kinds'>,
): InForce {
  const byPreset = underPreset(config)
  const carrier = config.mailUrl.reveal()
  const weighed = {
    ...config,
    ...byPreset,
    hasMail: carrier !== '',
    hasSms: config.smsUrl.reveal() !== '' || config.smsFallbackUrl.reveal() !== '',
    isMailbox: carrier.startsWith('http') || config.smsUrl.reveal().startsWith('http'),
    hasTexts: kinds.length === 2,
    trustsOthers: (issuersOf(config.tokenIssuers) ?? []).length > 0,
  }
  return settingsInForce({ declared: Config, values: config, isGiven, byPreset, weighed })
}

/** A preset changes several at once, whatever stands in the environment: these are what is in force under it. */
function underPreset(config: IdentityKit['config']) {
  const { idleMinutes, officeIdleMinutes } = idlenessOf(config)
  const hall = hallFactorOf(config)
  const codes = (own: 'on' | 'off') => (config.preset === 'nist-aal3' ? 'off' : own)
  return {
    passwordMinimum: rulesOf(config.preset, config.passwordMinimum).minimum,
    sessionIdleMinutes: idleMinutes,
    administratorIdleMinutes: officeIdleMinutes,
    signInPerNetwork: config.signInPerNetwork * hall,
    beginningsPerNetwork: config.beginningsPerNetwork * hall,
    codesPerNetwork: config.codesPerNetwork * hall,
    riskFailingAccounts: config.riskFailingAccounts * hall,
    codesByMail: codes(config.codesByMail),
    codesBySms: codes(config.codesBySms),
  }
}
