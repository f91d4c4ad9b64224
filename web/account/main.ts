import { keepOnSwitch } from '@althing/web-ui/dom/keep-on-switch.ts'
import { copyText } from '@althing/web-ui/dom/keep.ts'
import { enableShowPassword, focusSummary } from '@althing/web-ui/dom/show-password.ts'
import { keepWritten } from './keep-written.ts'
import { enableAddPasskey, enablePasskeyLinks } from './passkey.ts'

// Everything on these pages works without this but making a passkey, which no form can do.
enableShowPassword()
focusSummary()
keepOnSwitch(() => Date.now())
enableAddPasskey()
enablePasskeyLinks()
keepWritten(() => Date.now())
for (const button of document.querySelectorAll<HTMLElement>('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => print())
}
for (const button of document.querySelectorAll<HTMLElement>('[data-save]')) {
  button.hidden = false
  button.addEventListener('click', () => save(document.getElementById(button.dataset['save'] ?? '')))
}

for (const button of document.querySelectorAll<HTMLElement>('[data-copy]')) {
  button.hidden = false
  button.addEventListener('click', () => void copy(button))
}

async function copy(button: HTMLElement): Promise<void> {
  const isCopied = await copyText(linesOf(document.getElementById(button.dataset['copy'] ?? '')).join('\n'))
  const said = button.nextElementSibling
  if (said instanceof HTMLElement) said.textContent = said.dataset[isCopied ? 'copied' : 'failed'] ?? ''
}

/** Of a list, or one code. */
const linesOf = (list: HTMLElement | null): string[] =>
  [...(list?.querySelectorAll('li, .code-block') ?? [])].map(({ textContent }) => textContent.trim())

/** As a file of text. */
function save(list: HTMLElement | null): void {
  const lines = linesOf(list)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([`${lines.join('\n')}\n`], { type: 'text/plain' }))
  link.download = 'althing.txt'
  link.click()
  URL.revokeObjectURL(link.href)
}
