import { isFault } from '@althing/kernel/errors'

/** Spends from a limit of which nobody is to hear: false when it is used up. What is answered must then be the same. */
export async function isWithinLimit(spend: () => Promise<void>): Promise<boolean> {
  try {
    await spend()
    return true
  } catch (error) {
    if (isFault(error, 'kernel.limits.too_many')) return false
    throw error
  }
}
