/** Any characters, counted as people count them (NFC, code points). The lower bound is a setting. */
export const longestPassword = 128

export const presets = ['nist-aal2', 'nist-aal3', 'pci-4.0.1', 'suma', 'meeting'] as const
export type Preset = (typeof presets)[number]

/** What a preset asks of passwords. Composition and history exist only where a rule book wants them (decided numbers). */
export interface PasswordRules {
  readonly minimum: number
  /** What is enough where nothing stands beside it (NIST SP 800-63B-4, section 3.1.1.2): said, and not demanded. Null where no rule book says so. */
  readonly advised: number | null
  readonly composed: boolean
  readonly history: number
}

/** A password that is the only factor. */
const alone = 15

/** @param minimum as it was set: a preset may ask for more, never for less */
export function rulesOf(preset: Preset, minimum: number): PasswordRules {
  const isComposed = preset === 'suma' || preset === 'pci-4.0.1'
  return {
    minimum: Math.max(minimum, preset === 'nist-aal3' ? alone : 8),
    advised: preset === 'nist-aal2' && minimum < alone ? alone : null,
    composed: isComposed,
    history: isComposed ? 5 : 0,
  }
}
