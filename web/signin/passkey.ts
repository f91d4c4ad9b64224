/**
 * Passkeys in the browser. Without this script the pages work by their other ways; with it a hidden form appears, and its answer is
 * sent as any other form is. On the first page the browser offers passkeys by itself, where the address would be written.
 */
import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  startAuthentication,
} from '@simplewebauthn/browser'
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser'

export function enablePasskeys(): void {
  const place = document.querySelector<HTMLElement>('[data-passkey]')
  const form = place?.querySelector('form')
  const field = form?.querySelector<HTMLInputElement>('input[name="credential"]')
  if (place == null || form == null || field == null || !browserSupportsWebAuthn()) return
  const optionsJSON = JSON.parse(place.dataset['passkey'] ?? '{}') as PublicKeyCredentialRequestOptionsJSON
  const ask = async (useBrowserAutofill: boolean) => {
    field.value = JSON.stringify(await startAuthentication({ optionsJSON, useBrowserAutofill }))
    form.submit()
  }
  place.hidden = false
  // Whoever closes the window of the browser is where they were: there is nothing to say.
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void ask(false).catch(() => undefined)
  })
  if (place.dataset['autofill'] === undefined) return
  void browserSupportsWebAuthnAutofill().then((can) => (can ? ask(true).catch(() => undefined) : undefined))
}
