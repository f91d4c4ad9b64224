/** Any characters, counted as people count them (NFC, code points). The lower bound is a setting. */
export const longestPassword = 128

export const presets = ['nist-aal2', 'nist-aal3', 'pci-4.0.1', 'suma', 'meeting'] as const
export type Preset = (typeof presets)[number]

/** What a preset asks of passwords. Composition and history exist only where a rule book wants them (decided numbers). */
export interface PasswordRules {
  readonly minimum: number
  readonly composed: boolean
  readonly history: number
}

/** @param minimum as it was set: a preset may ask for more, never for less */
export function rulesOf(preset: Preset, minimum: number): PasswordRules {
  const isComposed = preset === 'suma' || preset === 'pci-4.0.1'
  return {
    minimum: Math.max(minimum, preset === 'nist-aal3' ? 15 : 8),
    composed: isComposed,
    history: isComposed ? 5 : 0,
  }
}
