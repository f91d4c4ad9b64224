/** Makes a passkey when the form is sent, and sends the form with it. Whoever changes their mind is where they were, and is told so. */
import { browserSupportsWebAuthn, startRegistration } from '@simplewebauthn/browser'
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser'

/** Only a browser that knows passkeys is shown the way to make one; without this script none is. */
export function enablePasskeyLinks(): void {
  if (!browserSupportsWebAuthn()) return
  for (const place of document.querySelectorAll<HTMLElement>('[data-needs-passkeys]')) {
    place.hidden = false
    document.querySelector('[data-unsupported]')?.remove()
  }
}

export function enableAddPasskey(): void {
  const place = document.querySelector<HTMLElement>('[data-add-passkey]')
  const form = place?.querySelector('form')
  const field = form?.querySelector<HTMLInputElement>('input[name="credential"]')
  if (place == null || form == null || field == null || !browserSupportsWebAuthn()) return
  const optionsJSON = JSON.parse(
    place.dataset['addPasskey'] ?? '{}',
  ) as PublicKeyCredentialCreationOptionsJSON
  const status = place.querySelector<HTMLElement>('[data-failed]')
  document.querySelector('[data-unsupported]')?.remove()
  place.hidden = false
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (status !== null) status.textContent = ''
    startRegistration({ optionsJSON })
      .then((made) => {
        field.value = JSON.stringify(made)
        form.submit()
      })
      .catch((reason: unknown) => {
        // So the specification names what a device answers that has one of those that it was told of.
        const isKnown = reason instanceof Error && reason.name === 'InvalidStateError'
        if (status !== null) status.textContent = status.dataset[isKnown ? 'known' : 'failed'] ?? ''
      })
  })
}
