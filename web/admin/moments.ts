/** Moments between what a field of the browser holds (`2026-11-30T18:00`, by the clock of whoever writes) and what services are told. */

import { createFormats } from '@althing/web-ui/format.ts'
import type { Locale } from '@althing/web-ui/locale.ts'

/** The zone that a field is written in: that of this device. */
export const zoneHere = (locale: Locale): string =>
  createFormats(locale, Intl.DateTimeFormat().resolvedOptions().timeZone).zone()

/** Empty for what is no moment. */
export function isoIn(local: string): string {
  const at = new Date(local)
  return local === '' || Number.isNaN(at.getTime()) ? '' : at.toISOString()
}

export function localIn(iso: string): string {
  const at = new Date(iso)
  if (iso === '' || Number.isNaN(at.getTime())) return ''
  const two = (part: number) => String(part).padStart(2, '0')
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-')
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`
}
